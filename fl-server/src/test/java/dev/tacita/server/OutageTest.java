package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Position;
import dev.tacita.wire.Transport;
import dev.tacita.wire.TransportException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutageTest {
    private static final String PLAN = Federation.plan(3, 1, 1, 2, 2, Federation.FEDAVG);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long OUTAGE_MILLIS = 4500;

    private enum Symptom {
        /** As Kafka's admin client after its own time limit. */
        FAILS,
        /** As a question that is asked again until a broker answers it. */
        BLOCKS
    }

    @ParameterizedTest
    @EnumSource(Symptom.class)
    void anOutageLongerThanTheDeadlineIsNobodysFaultButTheSiteThatStaysAwayThenIs(Symptom symptom, @TempDir Path runs)
            throws Exception {
        try (Federation federation = new Federation(runs, 1, 1)) {
            var broken = new BreakableTransport(federation.transport, symptom);
            federation.start(broken);
            federation.hello("a", "b");
            federation.submit(PLAN);
            RoundOpened round = federation.await(RoundOpened.class);
            broken.out = true;
            Thread.sleep(OUTAGE_MILLIS);
            federation.clock.advance(DEADLINE.multipliedBy(2));
            broken.out = false;
            Thread.sleep(1500);
            assertThat(federation.poll(Duration.ZERO)).as("both are waited for").isEmpty();

            SiteId site = new SiteId("a");
            federation.send(Federation.frames(Federation.answer(round, site, 4)));
            federation.clock.advance(DEADLINE.minusSeconds(1));
            Thread.sleep(300);
            assertThat(federation.poll(Duration.ZERO)).as("b is waited for").isEmpty();

            federation.clock.advance(Duration.ofSeconds(1));
            assertThat(federation.await(SiteLeft.class).site()).isEqualTo(new SiteId("b"));
            RoundClosed closed = federation.await(RoundClosed.class);
            assertThat(closed.outcome()).isEqualTo(RoundOutcome.BELOW_QUORUM);
            assertThat(closed.counted()).extracting("site").containsExactly(site);
        }
    }

    /** Out of reach: nothing can be asked or written, and readers see nothing and say nothing. */
    private static final class BreakableTransport implements Transport {
        private final Transport inner;
        private final Symptom symptom;
        volatile boolean out;

        BreakableTransport(Transport inner, Symptom symptom) {
            this.inner = inner;
            this.symptom = symptom;
        }

        private void reach() {
            while (out) {
                if (symptom == Symptom.FAILS) {
                    throw new TransportException("the log is out of reach");
                }
                try {
                    Thread.sleep(5);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new TransportException("interrupted", e);
                }
            }
        }

        @Override
        public void append(Channel channel, List<Frame> frames) throws InterruptedException {
            inner.append(channel, frames);
        }

        @Override
        public AggregatorLog aggregatorLog() {
            AggregatorLog log = inner.aggregatorLog();
            return new AggregatorLog() {
                @Override
                public void commit(List<Write> writes) throws InterruptedException {
                    reach();
                    log.commit(writes);
                }

                @Override
                public void close() {
                    log.close();
                }
            };
        }

        @Override
        public LogReader read(Channel channel, Position from) {
            LogReader reader = inner.read(channel, from);
            return new LogReader() {
                @Override
                public List<Entry> poll(Duration timeout) throws InterruptedException {
                    if (out) {
                        Thread.sleep(timeout.toMillis());
                        return List.of();
                    }
                    return reader.poll(timeout);
                }

                @Override
                public Position position() {
                    return reader.position();
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }

        @Override
        public Position beginning(Channel channel) {
            return inner.beginning(channel);
        }

        @Override
        public Position end(Channel channel) {
            reach();
            return inner.end(channel);
        }

        @Override
        public void close() {}
    }
}
