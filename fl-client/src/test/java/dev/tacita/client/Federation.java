package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tacita.config.RunPlanWriter;
import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorSettings;
import dev.tacita.server.RunState;
import dev.tacita.wire.Hash;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.RefusedMessageException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real aggregator and real agents in one JVM. */
final class Federation implements AutoCloseable {
    private final InMemoryTransport transport = new InMemoryTransport(3);
    private final ModelCache models = new ModelCache(transport, 4, Duration.ofSeconds(1));
    private final List<Participant> participants = new ArrayList<>();
    private final Aggregator aggregator;

    Federation(Path runs, int aggregationThreads) throws InterruptedException {
        aggregator = Aggregator.start(
                new FederationId("test"),
                transport,
                new AggregatorSettings(runs, aggregationThreads),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                message -> {});
    }

    void join(String site, LocalDataset data, LocalTrainer trainer) {
        join(Samples.participant(site).dataset("sample", data).trainer(trainer));
    }

    void join(ParticipantBuilder site) {
        Participant participant = site.transport(transport).models(models).build();
        participants.add(participant);
        participant.start();
    }

    /** Runs the plan to its end. */
    Hash run(RunPlan plan) {
        RunId run = aggregator.submit(RunPlanWriter.write(plan)).join();
        RunState state = await("the end of " + run)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> aggregator.state().run(run).orElseThrow(),
                        it -> it.ended().isPresent());
        assertThat(state.ended().orElseThrow().outcome().name())
                .as(state.ended().orElseThrow().reason())
                .isEqualTo("COMPLETED");
        return state.model().orElseThrow();
    }

    float[] parameters(Hash model, int size) throws InterruptedException {
        try {
            return models.fetch(model, size);
        } catch (RefusedMessageException e) {
            throw new AssertionError("the aggregator's model is refused", e);
        }
    }

    @Override
    public void close() {
        participants.forEach(Participant::close);
        aggregator.close();
        models.close();
        transport.close();
    }
}
