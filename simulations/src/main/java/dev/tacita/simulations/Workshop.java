package dev.tacita.simulations;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;

/** A simulation with what its pieces of work need, in one process. For any number of threads. */
public final class Workshop {
    private final Simulation simulation;
    private final SimulatedPrivacy privacy;
    private final SimulatedProtection protection;
    private final List<Examples> tests;
    private final List<Examples> proofs = new ArrayList<>();
    private final int siteMemorySize;
    private final int sumSize;
    private final int updateSize;

    /** Rows of training are not made before they are asked for. */
    public Workshop(Simulation simulation) {
        this.simulation = simulation;
        this.privacy = simulation.privacy();
        this.protection = simulation.protection();
        this.tests = simulation.population().tests();
        for (Attack attack : simulation.population().attacks()) {
            if (attack instanceof Attack.Backdoor backdoor) {
                tests.forEach(test -> proofs.add(backdoor.proof(test)));
            }
        }
        RunPlan plan = simulation.plan();
        this.sumSize = protection.sumSize();
        this.updateSize = plan.algorithm().trainsLayers() ? plan.algorithm().parameters(plan.model()) : 0;
        this.siteMemorySize = plan.algorithm().siteMemorySize(plan.algorithm().parameters(plan.model()));
    }

    /** How many numbers a sum of contributions has. */
    int sumSize() {
        return sumSize;
    }

    /** How many numbers of a contribution are an update of the parameters: 0 if sites send sums. */
    int updateSize() {
        return updateSize;
    }

    /** Whose work this is. */
    public Simulation simulation() {
        return simulation;
    }

    /** A name that two simulations share only if their sites do the same work on the same rows. */
    public String fingerprint() {
        return Study.fingerprint(simulation.plan() + " " + simulation.rule().name() + " " + simulation.noiseCohortSize()
                + " " + Study.rowsFingerprint(simulation));
    }

    SimulatedProtection protection() {
        return protection;
    }

    SimulatedPrivacy privacy() {
        return privacy;
    }

    /** What models are measured on: the test rows, or what each backdoor is to change. */
    enum Measured {
        TESTS,
        BACKDOORS
    }

    List<Examples> sets(Measured measured) {
        return measured == Measured.TESTS ? tests : proofs;
    }

    /** What a site keeps; zeros before its first round. */
    float[] memory(float[] kept) {
        return kept.length == 0 ? new float[siteMemorySize] : kept;
    }

    /** The measuring of the model that a site with this memory uses. */
    LocalTask measuring(ServerState state, float[] kept) {
        RunPlan plan = simulation.plan();
        float[] parameters = plan.algorithm().isPersonal()
                ? plan.algorithm().parametersAtSite(plan.model(), state.parameters(), memory(kept))
                : state.parameters();
        return new LocalTask(
                plan.model(), plan.loss(), new LocalWork.Evaluate(), parameters, SeedStream.of(plan.seed()));
    }
}
