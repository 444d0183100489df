package dev.tacita.simulations.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.SiteId;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.Examples;
import dev.tacita.simulations.Backend;
import dev.tacita.simulations.Cell;
import dev.tacita.simulations.Population;
import dev.tacita.simulations.RoundListener;
import dev.tacita.simulations.Simulation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkBackendTest {
    private static volatile Optional<Runnable> trouble = Optional.empty();

    /** The hospitals, of which the smallest has trouble when a task trains it, after others of the task have been added. */
    private record Troubled(Population hospitals, int smallest) implements Population {
        static Simulation simulation() {
            Population hospitals = Hospitals.sites(1);
            int smallest = 0;
            for (int i = 1; i < hospitals.size(); i++) {
                smallest = hospitals.rows(i) < hospitals.rows(smallest) ? i : smallest;
            }
            return Hospitals.simulation(new Troubled(hospitals, smallest), new Mean());
        }

        @Override
        public Examples train(int index) {
            if (index == smallest && TaskContext.get() != null) {
                trouble.ifPresent(Runnable::run);
            }
            return hospitals.train(index);
        }

        @Override
        public int size() {
            return hospitals.size();
        }

        @Override
        public SiteId site(int index) {
            return hospitals.site(index);
        }

        @Override
        public int rows(int index) {
            return hospitals.rows(index);
        }

        @Override
        public List<Examples> tests() {
            return hospitals.tests();
        }

        @Override
        public boolean testsAreOfSites() {
            return hospitals.testsAreOfSites();
        }

        @Override
        public long fingerprint() {
            return hospitals.fingerprint();
        }
    }

    /** The next so many times. */
    private static AtomicInteger failing(int times) {
        AtomicInteger tries = new AtomicInteger();
        trouble = Optional.of(() -> {
            if (tries.getAndIncrement() < times) {
                throw new IllegalStateException("the executor has lost its disk\nand more");
            }
        });
        return tries;
    }

    @AfterEach
    void noTroubleAnyMore() {
        trouble = Optional.empty();
    }

    @Test
    void aTaskThatIsRepeatedCountsItsSitesOnce() throws InterruptedException {
        Outcome expected = Outcome.onThreads(Hospitals.plain(), 1);
        AtomicInteger tries = failing(1);
        Outcome repeated = Outcome.onSpark(Troubled::simulation);
        assertThat(tries).as("tries of a site that fails once").hasValueGreaterThan(1);
        assertThat(repeated).isEqualTo(expected);
    }

    @Test
    void aTaskThatFailsEachTimeEndsTheRunInOneSentence() throws InterruptedException {
        failing(3);
        assertThatThrownBy(() -> Outcome.onSpark(Troubled::simulation))
                .isInstanceOf(ClusterException.class)
                .hasMessage("a task failed as often as Spark lets it: the executor has lost its disk");
        assertThat(Outcome.onSpark(Hospitals::plain)).isEqualTo(Outcome.onThreads(Hospitals.plain(), 2));
    }

    @Test
    void anExecutorWithOtherRowsIsFoundOut() {
        try (Backend backend = new SparkBackend(LocalSpark.CONTEXT, Hospitals::withOtherRows)) {
            assertThatThrownBy(() -> backend.run(Hospitals.plain(), RoundListener.ALL_ROUNDS))
                    .isInstanceOf(ClusterException.class)
                    .hasMessage(
                            "an executor on 127.0.0.1 cannot do its part: the study or its rows are not those of the"
                                    + " driver. Every machine must read the same files at the same place");
        }
    }

    @Test
    void anExecutorWithoutTheStudySaysSo(@TempDir Path folder) {
        Path file = folder.resolve("study.yaml");
        StudyPlace place = StudyPlace.of(file, Optional.empty());
        try (Backend backend = new SparkBackend(LocalSpark.CONTEXT, place.source(new Cell("natural", "fedavg", 1)))) {
            assertThatThrownBy(() -> backend.run(Hospitals.plain(), RoundListener.ALL_ROUNDS))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageStartingWith("an executor on 127.0.0.1 cannot do its part: ")
                    .hasMessageContaining(file + ": there is no such file");
        }
    }

    @Test
    void anInterruptedRunEndsAndLeavesTheClusterToOthers() throws InterruptedException {
        trouble = Optional.of(Thread.currentThread()::interrupt);
        assertThatThrownBy(() -> Outcome.onSpark(Troubled::simulation)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(Outcome.onSpark(Hospitals::plain)).isEqualTo(Outcome.onThreads(Hospitals.plain(), 2));
    }

    @Test
    void aRunEndsWhenItsListenerWantsNoMore() throws InterruptedException {
        try (Backend backend = new SparkBackend(LocalSpark.CONTEXT, Hospitals::plain)) {
            assertThat(backend.run(Hospitals.plain(), round -> round.round() < 2)
                            .rounds())
                    .hasSize(2);
        }
    }
}
