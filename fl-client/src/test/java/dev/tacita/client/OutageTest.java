package dev.tacita.client;

import static dev.tacita.client.Samples.PLAN;
import static dev.tacita.client.Samples.parameters;
import static dev.tacita.client.Samples.participant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tacita.core.RunId;
import dev.tacita.wire.Channel;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.Tensors;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(60)
@Isolated("it reads what all agents log, and counts threads of the process")
class OutageTest {
    private final InMemoryTransport transport = new InMemoryTransport(1);
    private final FlakyTransport flaky = new FlakyTransport(transport);
    private final ScriptedAggregator aggregator = new ScriptedAggregator(transport);

    @Test
    void eachOutageIsLoggedOnceAndWaitedOut() {
        flaky.broken = true;
        try (LoggedLines lines = new LoggedLines();
                Participant north = participant("north").transport(flaky).build()) {
            north.start();
            await().until(() -> flaky.failures.get() > 5);
            assertThat(lines.containing("cannot be reached"))
                    .containsExactly(
                            "WARN north: the federation cannot be reached; trying again until it can. the broker is not there");
            flaky.broken = false;
            RunId run = aggregator.openRun("heart", PLAN);
            aggregator.answer(aggregator.openRound(run, 1, 1, parameters(1), "north"), "north");

            flaky.broken = true;
            int before = flaky.failures.get();
            await().until(() -> flaky.failures.get() > before + 5);
            RoundKey missed = aggregator.openRound(run, 2, 1, parameters(2), "north");
            aggregator.closeRound(missed, Tensors.sha256(parameters(2)));
            RoundKey open = aggregator.openRound(run, 3, 1, parameters(3), "north");
            flaky.broken = false;
            aggregator.answer(open, "north");
            await().until(() -> lines.containing("can be reached again").size() == 2);
            assertThat(lines.containing("cannot be reached")).hasSize(2);
        }
        assertThat(aggregator.heard(Channel.SITES, Hello.class)).hasSize(1);
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .extracting(header -> header.place().round())
                .containsExactly(1, 3);
    }

    @Test
    void whatWasTrainedDuringAnOutageIsSentAfterIt() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Samples.Training trainer = (task, train) -> {
            started.countDown();
            release.await();
            return Samples.result(new float[Samples.PARAMETERS]);
        };
        try (Participant north =
                participant("north").trainer(trainer).transport(flaky).build()) {
            north.start();
            RunId run = aggregator.openRun("heart", PLAN);
            RoundKey place = aggregator.openRound(run, 1, 1, parameters(1), "north");
            started.await();
            flaky.broken = true;
            release.countDown();
            await().until(() -> flaky.failures.get() > 5);
            flaky.broken = false;
            aggregator.answer(place, "north");
        }
    }

    @Test
    void endsInTimeWhileTheBrokerIsGone() {
        Participant north = participant("north").transport(flaky).build();
        north.start();
        aggregator.hear(Channel.SITES, Hello.class, 1);
        flaky.broken = true;
        await().until(() -> flaky.failures.get() > 2);
        north.close();
        ParticipantTest.awaitNoThreads("tacita-north");
    }
}
