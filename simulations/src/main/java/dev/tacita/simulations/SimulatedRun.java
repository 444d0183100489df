package dev.tacita.simulations;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One simulated run: who is asked when and what becomes of the answers, while {@link Workers} do what sites do. The result is
 * the same to the bit whoever they are. For one thread, which has the workers to itself.
 */
public final class SimulatedRun {
    private final Simulation simulation;
    private final RunPlan plan;
    private final Population population;
    private final Rounds rounds;
    private final ModelMeasures measures;
    private final ServerState first;
    private final SimulatedPrivacy privacy;

    /**
     * Before its first round.
     *
     * @param workshop the simulation, in this process
     */
    public SimulatedRun(Workshop workshop, Workers workers) {
        this.simulation = workshop.simulation();
        this.plan = simulation.plan();
        this.population = simulation.population();
        this.privacy = workshop.privacy();
        float[] parameters = plan.algorithm()
                .firstParameters(plan.model(), SeedStream.of(plan.seed()).derive("initial-parameters"));
        this.first = ServerState.first(plan.algorithm(), parameters);
        this.rounds = rounds(workshop, workers, first);
        this.measures = new ModelMeasures(workshop, workers, rounds::memory);
    }

    private static Rounds rounds(Workshop workshop, Workers workers, ServerState first) {
        Simulation simulation = workshop.simulation();
        if (simulation.plan().algorithm() instanceof FedBuff fedBuff) {
            return new BufferedRounds(workshop, fedBuff, workers, first);
        }
        if (simulation.plan().algorithm() instanceof Hierarchical hierarchical) {
            return new RegionalRounds(workshop, hierarchical, workers, first);
        }
        Population all = simulation.population();
        CohortChooser chooser = simulation.selection().begin(simulation.plan(), all);
        return new SynchronousRounds(workshop, PopulationPart.all(all), chooser, workers, first);
    }

    /**
     * Runs all rounds, or as many as the listener wants; once.
     *
     * @throws InterruptedException if the thread is interrupted before the end
     */
    public SimulationResult run(RoundListener listener) throws InterruptedException {
        List<SimulatedRound> done = new ArrayList<>();
        ServerState state = first;
        double seconds = 0;
        for (int round = 1; round <= plan.rounds(); round++) {
            Rounds.Outcome outcome = rounds.next(round);
            state = outcome.state();
            if (outcome.failure().isPresent()) {
                return new SimulationResult(done, state.parameters(), outcome.failure());
            }
            seconds += outcome.seconds().orElse(0);
            boolean measured = round % simulation.measureEvery() == 0 || round == plan.rounds();
            SimulatedRound each = new SimulatedRound(
                    round,
                    outcome.asked(),
                    outcome.contributions(),
                    outcome.training(),
                    measured ? measures.tests(state) : List.of(),
                    outcome.droppedOut(),
                    outcome.late(),
                    population.clock().isPresent() ? OptionalDouble.of(seconds) : OptionalDouble.empty(),
                    measured ? measures.backdoors(state) : Evaluation.NONE,
                    measured ? privacy.epsilon(round, population) : OptionalDouble.empty(),
                    outcome.updateCosine());
            done.add(each);
            if (!listener.goesOnAfter(each)) {
                break;
            }
        }
        return new SimulationResult(done, state.parameters(), Optional.empty());
    }
}
