package dev.tacita.simulations;

import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.learning.SiteAnswer;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.number.SeedStream;
import java.util.List;
import java.util.Optional;

/**
 * What a site is asked. Under the mean its contribution is added to the worker's sum; any other rule gets it by itself.
 *
 * @param site by index, of all sites of the simulation
 * @param number by which its draws are told from those of its other rounds
 * @param round whose work it does
 * @param from place of the state whose model it trains
 * @param steps that the aggregator took while it trained
 * @param kept what the site kept of its last round; empty if it had none
 */
record SiteTraining(int site, int rows, int number, int round, int from, int steps, float[] kept)
        implements Piece<SiteAnswered> {
    @Override
    public SiteAnswered doneBy(Worker worker, Workshop workshop, List<ServerState> states) throws InterruptedException {
        Simulation simulation = workshop.simulation();
        RunPlan plan = simulation.plan();
        FederatedAlgorithm algorithm = plan.algorithm();
        ServerState state = states.get(from);
        SeedStream seeds = SeedStream.of(plan.seed())
                .derive("round")
                .derive(number)
                .derive("site")
                .derive(simulation.population().site(site).value());
        LocalTask task = new LocalTask(
                plan.model(),
                plan.loss(),
                workshop.privacy().work(algorithm.work(round), rows),
                state.parameters(),
                seeds);
        try {
            SiteAnswer answer =
                    answer(new SiteRound(task, workshop.memory(kept), algorithm.shared(state)), worker, workshop);
            ModelUpdate contribution = algorithm instanceof FedBuff
                    ? FedBuff.weighed(answer.contribution(), steps)
                    : answer.contribution();
            ClippedUpdate leaving = workshop.privacy().leaving(contribution);
            boolean added = simulation.rule() instanceof Mean;
            if (added) {
                SimulatedProtection protection = workshop.protection();
                protection.add(leaving, workshop.privacy().shareOfNoise(), worker.sum(workshop.sumSize()), seeds);
            } else {
                leaving.encode(plan.encoding());
            }
            float[] values = added ? new float[0] : leaving.valuesInTheClear();
            double norm = UpdateCosine.norm(leaving.valuesInTheClear(), workshop.updateSize());
            return new SiteAnswered(answer.training(), leaving.weight(), norm, values, answer.memory(), "");
        } catch (NotEncodableException e) {
            String why = simulation.population().site(site) + ": " + e.getMessage();
            return new SiteAnswered(Evaluation.NONE, 1, 0, new float[0], new float[0], why);
        }
    }

    private SiteAnswer answer(SiteRound asked, Worker worker, Workshop workshop) throws InterruptedException {
        RunPlan plan = workshop.simulation().plan();
        Population population = workshop.simulation().population();
        Examples own = population.train(site);
        Optional<Attack> attack = population.attack(site);
        if (attack.isEmpty()) {
            return plan.algorithm().answer(asked, workshop.privacy().trainer(worker, own.size()), own);
        }
        SeedStream seeds = SeedStream.of(plan.seed())
                .derive("attack")
                .derive(population.site(site).value());
        Examples changed = attack.get().rows(own, Classes.count(plan.model(), plan.loss()), seeds);
        return attack.get().answer(plan.algorithm(), asked, workshop.privacy().trainer(worker, own.size()), changed);
    }
}
