package dev.tacita.cli;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.audit.AttackFigures;
import dev.tacita.dp.audit.AuditReport;
import dev.tacita.dp.audit.Guesses;
import dev.tacita.dp.audit.LikelihoodRatioAttack;
import dev.tacita.dp.audit.LowerBound;
import dev.tacita.dp.audit.MembershipAttack;
import dev.tacita.dp.audit.MembershipScores;
import dev.tacita.dp.audit.OneRunAudit;
import dev.tacita.dp.audit.ReferenceLosses;
import dev.tacita.dp.audit.RelativeAttack;
import dev.tacita.dp.audit.ShadowModelAttack;
import dev.tacita.dp.audit.YeomAttack;
import dev.tacita.engine.EngineTrainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Attacks a model with everything that a site has: its rows, and reference models that the site trains by the plan's recipe. */
final class MembershipStudy {
    private static final double GAMMA = 1;
    private static final double SLOPE = 0.3;

    private final AuditedRun run;
    private final AuditedRows rows;
    private final SeedStream seeds;
    private final EngineTrainer trainer = new EngineTrainer();

    MembershipStudy(AuditedRun run, AuditedRows rows, SeedStream seeds) {
        this.run = run;
        this.rows = rows;
        this.seeds = seeds;
    }

    /**
     * Figures of every attack, and the epsilon that the guesses of each about the pairs prove, each for its share of the false alarm.
     *
     * @param references how many reference models are trained, even, at least 4
     * @param delta of the bounds, for neighbours that replace one
     */
    AuditReport report(int references, double delta, double falseAlarm) throws InterruptedException {
        double[] losses = losses(run.parameters());
        ReferenceLosses reference = ReferenceLosses.train(
                (model, trainedOn) ->
                        losses(trained(trainedOn, seeds.derive("reference").derive(model))),
                rows.examples().size(),
                rows.candidates(),
                references,
                seeds.derive("halves"));
        List<MembershipAttack> attacks = attacks(reference);
        List<AttackFigures> figures = new ArrayList<>();
        List<LowerBound> bounds = new ArrayList<>();
        for (MembershipAttack attack : attacks) {
            double[] scores = Arrays.copyOf(attack.scores(losses), rows.candidates());
            figures.add(AttackFigures.of(attack.name(), MembershipScores.of(scores, rows.member()), falseAlarm));
            bounds.add(OneRunAudit.epsilon(
                    guesses(scores), delta, falseAlarm / attacks.size(), NeighbouringRelation.REPLACE_ONE));
        }
        return new AuditReport(run.name(), figures, bounds);
    }

    private List<MembershipAttack> attacks(ReferenceLosses reference) {
        List<MembershipAttack> attacks = new ArrayList<>();
        attacks.add(new YeomAttack());
        attacks.add(new ShadowModelAttack(reference, run.scale(), rows.classes()));
        attacks.add(LikelihoodRatioAttack.online(reference, run.scale(), LikelihoodRatioAttack.Spread.POOLED));
        attacks.add(LikelihoodRatioAttack.offline(reference, run.scale(), LikelihoodRatioAttack.Spread.POOLED));
        int[] population = rows.population();
        if (population.length > 0) {
            attacks.add(RelativeAttack.online(reference, population, GAMMA));
            attacks.add(RelativeAttack.offline(reference, population, GAMMA, SLOPE));
        }
        return attacks;
    }

    private Guesses guesses(double[] scores) {
        boolean[] member = rows.member();
        int pairs = scores.length / 2;
        double[] first = new double[pairs];
        double[] second = new double[pairs];
        boolean[] firstIncluded = new boolean[pairs];
        for (int i = 0; i < pairs; i++) {
            first[i] = scores[2 * i];
            second[i] = scores[2 * i + 1];
            firstIncluded[i] = member[2 * i];
        }
        return Guesses.ofPairs(first, second, firstIncluded, (pairs + 1) / 2);
    }

    /** The loss of each row by itself. */
    private double[] losses(float[] parameters) throws InterruptedException {
        double[] losses = new double[rows.examples().size()];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = trainer.evaluate(
                            run.task(new LocalWork.Evaluate(), parameters, seeds),
                            rows.examples().select(new int[] {i}))
                    .lossSum();
        }
        return losses;
    }

    /** A model of the plan, trained at this site alone. */
    private float[] trained(int[] trainedOn, SeedStream draws) throws InterruptedException {
        return trained(run, rows.examples().select(trainedOn), draws, trainer);
    }

    /** What the plan makes of these rows, if they are the only site's. */
    static float[] trained(AuditedRun run, Examples train, SeedStream draws, EngineTrainer trainer)
            throws InterruptedException {
        FederatedAlgorithm algorithm = run.plan().algorithm();
        ServerState state = ServerState.first(
                algorithm, run.plan().model().layout().initialValues(draws.derive("initial-parameters")));
        for (int round = 1; round <= run.plan().rounds(); round++) {
            LocalResult result =
                    trainer.train(run.task(algorithm.work(round), state.parameters(), draws.derive(round)), train);
            float[] update = result.update().valuesInTheClear();
            double[] mean = new double[update.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = update[i];
            }
            state = algorithm.step(state, RoundMean.ofAll(mean, round, 1));
        }
        return state.parameters();
    }
}
