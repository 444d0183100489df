package dev.tacita.client;

import static dev.tacita.client.Samples.PLAN;
import static dev.tacita.client.Samples.parameters;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.RunId;
import dev.tacita.engine.SharedTrainer;
import dev.tacita.wire.Channel;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.Goodbye;
import dev.tacita.wire.SiteMessage.Hello;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(60)
@Isolated("it counts threads of the process")
class ManyParticipantsTest {
    private static final int SITES = 200;

    @Test
    void hundredsOfAgentsShareThreadsModelsAndTrainer() {
        InMemoryTransport transport = new InMemoryTransport(4);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        String[] sites = IntStream.range(0, SITES).mapToObj(i -> "site-" + i).toArray(String[]::new);
        List<Participant> participants = new ArrayList<>();
        try (ScriptedAggregator aggregator = new ScriptedAggregator(transport);
                ModelCache models = new ModelCache(transport, 2, Duration.ofSeconds(1))) {
            SharedTrainer trainer = new SharedTrainer(2);
            for (String site : sites) {
                Participant participant = Samples.participant(site)
                        .transport(transport)
                        .models(models)
                        .executor(executor)
                        .trainer(trainer)
                        .build();
                participant.start();
                participants.add(participant);
            }
            aggregator.hear(Channel.SITES, Hello.class, SITES);
            assertThat(ParticipantTest.threads("tacita-site"))
                    .as("one thread each")
                    .hasSize(SITES);
            RunId run = aggregator.openRun("heart", PLAN);
            for (int round = 1; round <= 2; round++) {
                RoundKey place = aggregator.openRound(run, round, 1, parameters(round), sites);
                aggregator.hear(Channel.CONTRIBUTIONS, ContributionHeader.class, round * SITES);
                assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                        .filteredOn(header -> header.place().equals(place))
                        .extracting(header -> header.site().value())
                        .containsExactlyInAnyOrder(sites);
            }
            participants.forEach(Participant::close);
            assertThat(aggregator.heard(Channel.SITES, Goodbye.class)).hasSize(SITES);
            ParticipantTest.awaitNoThreads("tacita-site");
        } finally {
            participants.forEach(Participant::close);
            executor.shutdownNow();
            transport.close();
        }
    }
}
