package dev.tacita.simulations;

import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * Rounds of sites that train at the same time, each at its own pace: a round ends when the buffer is full. Who arrives when
 * depends on the clock alone, so that all that fill one buffer are trained at once, by all workers.
 */
final class BufferedRounds implements Rounds {
    private final FedBuff algorithm;
    private final RunPlan plan;
    private final Population population;
    private final CohortWork work;
    private final PriorityQueue<Training> underway =
            new PriorityQueue<>(Comparator.comparingDouble(Training::end).thenComparingInt(Training::number));
    private final boolean[] busy;
    private ServerState state;
    private int begun;
    private double now;

    /** A site at work on the model after so many rounds. */
    private record Training(int site, int number, double end, int version, ServerState from) {}

    BufferedRounds(Workshop workshop, FedBuff algorithm, Workers workers, ServerState first) {
        Simulation simulation = workshop.simulation();
        this.algorithm = algorithm;
        this.plan = simulation.plan();
        this.population = simulation.population();
        this.work = new CohortWork(workshop, PopulationPart.all(population), workers);
        this.busy = new boolean[population.size()];
        this.state = first;
    }

    @Override
    public Outcome next(int round) throws InterruptedException {
        // The site that takes the place of the one that filled the last buffer begins with the new model.
        while (underway.size() < algorithm.concurrency()) {
            begin(round - 1);
        }
        double before = now;
        int droppedOut = 0;
        List<CohortWork.Asked> buffer = new ArrayList<>();
        while (buffer.size() < algorithm.buffer()) {
            Training done = underway.remove();
            now = done.end();
            busy[done.site()] = false;
            if (Attendance.dropsOut(plan, population, done.number(), done.site())) {
                droppedOut++;
                if (droppedOut > 1000 * algorithm.buffer()) {
                    return outcome(
                            before,
                            droppedOut,
                            CohortWork.Answers.NONE,
                            OptionalDouble.empty(),
                            Optional.of("round " + round + ": of " + droppedOut
                                    + " sites that were asked, hardly any answered"));
                }
            } else {
                buffer.add(new CohortWork.Asked(
                        done.site(), done.number(), done.version() + 1, done.from(), round - 1 - done.version()));
            }
            if (buffer.size() < algorithm.buffer()) {
                begin(round - 1);
            }
        }
        CohortWork.Answers answers = work.answers(buffer);
        CohortWork.Stepped stepped = work.step(state, round, answers);
        state = stepped.state();
        return outcome(before, droppedOut, answers, stepped.updateCosine(), stepped.failure());
    }

    private void begin(int version) {
        int number = ++begun;
        RandomGenerator random = SeedStream.of(plan.seed())
                .derive("cohort")
                .derive("arrival")
                .derive(number)
                .random();
        int site = random.nextInt(busy.length);
        while (busy[site]) {
            site = random.nextInt(busy.length);
        }
        busy[site] = true;
        double seconds = Attendance.seconds(plan, population, site, algorithm.work(version + 1), work.bytesOfARound())
                .orElseThrow();
        underway.add(new Training(site, number, now + seconds, version, state));
    }

    private Outcome outcome(
            double before,
            int droppedOut,
            CohortWork.Answers answers,
            OptionalDouble updateCosine,
            Optional<String> failure) {
        return new Outcome(
                state,
                answers.size() + droppedOut,
                answers.counted().size(),
                answers.training(),
                droppedOut,
                0,
                OptionalDouble.of(now - before),
                updateCosine,
                failure);
    }

    @Override
    public float[] memory(int site) {
        return work.memory(site);
    }
}
