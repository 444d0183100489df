package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * FedBuff (Nguyen et al. 2022, algorithm 1): sites train at the same time, each from the newest model when it begins, and the
 * aggregator steps whenever so many updates have arrived, along their mean, in which an update counts 1 / sqrt(1 + the number of
 * steps since its site began). Sites count alike, whatever their number of examples. What a plan calls a round is a step, and
 * its quorum the buffer.
 *
 * <p>In a simulation another site begins whenever one is done, as in the paper. Live, sites begin when a round opens: then as
 * many are asked as make {@code concurrency} together with those still at work on earlier rounds, so that fewer train at the same
 * time while a buffer fills. Who is fast decides what counts: two live runs of one plan need not give the same model.
 *
 * @param base what each site does, and the server's learning rate
 * @param buffer K, how many updates a step waits for, at least 1
 * @param concurrency how many sites train at the same time, at least 1
 */
public record FedBuff(FedAvg base, int buffer, int concurrency) implements FederatedAlgorithm {
    public FedBuff {
        requireNonNull(base, "base is null");
        Checks.atLeast("buffer", buffer, 1);
        Checks.atLeast("concurrency", concurrency, 1);
    }

    @Override
    public String name() {
        return "fedbuff";
    }

    @Override
    public LocalWork work(int round) {
        return base.work(round);
    }

    @Override
    public boolean countsSitesAlike() {
        return true;
    }

    @Override
    public SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        LocalResult result = trainer.train(round.task(), train);
        ModelUpdate alike = new ModelUpdate(result.update().valuesInTheClear(), 1);
        return new SiteAnswer(alike, round.memory(), result.training());
    }

    /**
     * What keeps it from being run live with such other settings of a plan; empty if nothing does.
     *
     * @param cohortFraction as the plan has it
     * @param quorum as the plan has it
     */
    public List<Problem> liveProblems(
            double cohortFraction, int quorum, ProtectionSpec protection, PrivacySpec privacy) {
        List<Problem> problems = new ArrayList<>();
        if (buffer > concurrency) {
            problems.add(new Problem(
                    "algorithm",
                    "live, sites begin when a round opens, and no more than concurrency are at work, so that buffer must be <="
                            + " concurrency. Provided values: " + buffer + " and " + concurrency + ".",
                    "Give a smaller buffer or a larger concurrency."));
        }
        if (quorum != buffer) {
            problems.add(new Problem(
                    "quorum",
                    "with fedbuff a round waits for as many contributions as its buffer holds, " + buffer
                            + ". Provided value: " + quorum + ".",
                    "Give the buffer's number here too."));
        }
        if (cohortFraction != 1) {
            problems.add(new Problem(
                    "cohort-fraction",
                    "with fedbuff concurrency says how many sites are asked. Provided value: " + cohortFraction + ".",
                    "Leave it out."));
        }
        if (protection.kind() != Protection.PLAIN) {
            problems.add(new Problem(
                    "protection",
                    "fedbuff counts each contribution by how late it is, which needs them one by one.",
                    "Use 'protection: plain', or an algorithm whose rounds have cohorts."));
        }
        if (privacy.level() != PrivacyLevel.NONE) {
            problems.add(new Problem(
                    "privacy",
                    "with fedbuff how often a site is asked follows from its pace, for which nothing accounts.",
                    "Use 'privacy: none', or an algorithm whose rounds have cohorts."));
        }
        return problems;
    }

    /**
     * How much an update counts: 1 / sqrt(1 + steps). What it counts as is the product, rounded to float32.
     *
     * @param steps that the aggregator took between the begin and the end of the site's training, at least 0
     */
    public static double factor(int steps) {
        Checks.atLeast("steps", steps, 0);
        return 1 / Math.sqrt(1d + steps);
    }

    /**
     * An update as it counts: times {@link #factor}, as one.
     *
     * @param steps that the aggregator took between the begin and the end of the site's training, at least 0
     */
    public static ModelUpdate weighed(ModelUpdate update, int steps) {
        double factor = factor(steps);
        float[] values = update.valuesInTheClear().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (factor * values[i]);
        }
        return new ModelUpdate(values, 1);
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        return base.step(from, mean);
    }
}
