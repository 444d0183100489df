package dev.tacita.simulations;

import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.engine.LossMoments;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Rounds as they are live: a cohort trains the same model, and the aggregator steps when it has answered. */
final class SynchronousRounds implements Rounds {
    private final RunPlan plan;
    private final FederatedAlgorithm algorithm;
    private final PopulationPart population;
    private final CohortWork work;
    private final CohortChooser chooser;
    private final ModelMeasures measures;
    private ServerState state;

    SynchronousRounds(
            Workshop workshop, PopulationPart population, CohortChooser chooser, Workers workers, ServerState first) {
        this.plan = workshop.simulation().plan();
        this.algorithm = plan.algorithm();
        this.population = population;
        this.work = new CohortWork(workshop, population, workers);
        this.chooser = chooser;
        this.measures = new ModelMeasures(workshop, workers, work::memory);
        this.state = first;
    }

    /** Goes on from another state than that of the last round. */
    void goOnFrom(ServerState other) {
        state = other;
    }

    @Override
    public Outcome next(int round) throws InterruptedException {
        int[] cohort = chooser.cohort(round, reports(round));
        Attendance attendance =
                Attendance.of(plan, population, round, cohort, algorithm.work(round), work.bytesOfARound());
        CohortWork.Answers answers = work.answers(Arrays.stream(attendance.present())
                .mapToObj(site -> new CohortWork.Asked(site, round, round, state, 0))
                .toList());
        // With sites absent, a round below its quorum comes to nothing and the model stays as it is.
        CohortWork.Stepped stepped =
                answers.size() < work.leastContributions(cohort.length) && answers.size() < cohort.length
                        ? CohortWork.Stepped.none(state, Optional.empty())
                        : work.step(state, round, answers, cohort.length);
        state = stepped.state();
        return new Outcome(
                state,
                cohort.length,
                answers.counted().size(),
                answers.training(),
                attendance.droppedOut(),
                attendance.late(),
                attendance.seconds(),
                stepped.updateCosine(),
                stepped.failure());
    }

    @Override
    public float[] memory(int site) {
        return work.memory(site);
    }

    private SiteReports reports(int round) {
        return new SiteReports() {
            @Override
            public List<LossMoments> losses(int[] sites) throws InterruptedException {
                return measures.losses(
                        state, Arrays.stream(sites).map(population::inAll).toArray());
            }

            @Override
            public OptionalDouble seconds(int site) {
                return Attendance.seconds(plan, population, site, algorithm.work(round), work.bytesOfARound());
            }
        };
    }
}
