package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Frame;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Transport;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What goes wrong when sites send: a contribution is held back until the test says so, or a failure goes in its place. */
final class Disturbances {
    private final Set<Failure> failures = new HashSet<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private Optional<Failure> hold = Optional.empty();

    private record Failure(SiteId site, int round, int attempt) {}

    /** The first contribution of this site to this round waits. */
    void hold(SiteId site, int round) {
        hold = Optional.of(new Failure(site, round, 1));
    }

    /** In place of this contribution the site says that it failed. */
    void fail(SiteId site, int round, int attempt) {
        failures.add(new Failure(site, round, attempt));
    }

    void awaitHeld() throws InterruptedException {
        assertThat(held.await(20, TimeUnit.SECONDS))
                .as("a contribution is held")
                .isTrue();
    }

    void releaseAll() {
        released.countDown();
    }

    Transport of(SiteId site, Transport beneath) {
        return new Disturbed(site, beneath);
    }

    private final class Disturbed implements Transport {
        private final SiteId site;
        private final Transport beneath;

        Disturbed(SiteId site, Transport beneath) {
            this.site = site;
            this.beneath = beneath;
        }

        @Override
        public void append(Channel channel, List<Frame> frames) throws InterruptedException {
            Optional<ContributionHeader> header = header(frames);
            Optional<Failure> place = header.map(
                    it -> new Failure(site, it.place().round(), it.place().attempt()));
            if (place.isPresent() && place.equals(hold)) {
                held.countDown();
                released.await();
            }
            if (place.filter(failures::contains).isPresent()) {
                ContributionHeader said = header.orElseThrow();
                Refusal instead =
                        new Refusal(site, said.place().run(), Refusal.Kind.FAILURE, List.of("the test says so"));
                beneath.append(Channel.SITES, List.of(MessageCodec.encode(instead)));
            } else {
                beneath.append(channel, frames);
            }
        }

        private static Optional<ContributionHeader> header(List<Frame> frames) {
            try {
                return MessageCodec.decode(frames.get(0).bytes()) instanceof ContributionHeader header
                        ? Optional.of(header)
                        : Optional.empty();
            } catch (RefusedMessageException e) {
                throw new AssertionError("a site sends what can be read", e);
            }
        }

        @Override
        public AggregatorLog aggregatorLog() {
            return beneath.aggregatorLog();
        }

        @Override
        public LogReader read(Channel channel, Position from) {
            return beneath.read(channel, from);
        }

        @Override
        public Position beginning(Channel channel) {
            return beneath.beginning(channel);
        }

        @Override
        public Position end(Channel channel) {
            return beneath.end(channel);
        }

        @Override
        public void close() {}
    }
}
