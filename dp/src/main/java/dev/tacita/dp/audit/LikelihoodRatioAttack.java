package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * LiRA: is the confidence in an example more like that of reference models that were trained on it, or of those that were
 * not (Carlini et al. 2022, algorithm 1 online, and its offline variant of section 4)?
 */
public final class LikelihoodRatioAttack implements MembershipAttack {
    /** How wide the confidences in one example are taken to be. */
    public enum Spread {
        /** As its own reference models say: for many of them, 64 or more. */
        PER_EXAMPLE,
        /** The same for all examples: for few models. */
        POOLED
    }

    private static final double NARROWEST = 1e-6;

    private final ReferenceLosses references;
    private final LossScale scale;
    private final boolean online;
    private final double[] meanIn;
    private final double[] meanOut;
    private final double[] deviationIn;
    private final double[] deviationOut;

    private LikelihoodRatioAttack(ReferenceLosses references, LossScale scale, Spread spread, boolean online) {
        this.references = references;
        this.scale = requireNonNull(scale, "scale is null");
        this.online = online;
        int examples = references.examples();
        meanIn = new double[examples];
        meanOut = new double[examples];
        deviationIn = new double[examples];
        deviationOut = new double[examples];
        measure(true, meanIn, deviationIn, requireNonNull(spread, "spread is null"));
        measure(false, meanOut, deviationOut, spread);
    }

    /**
     * With both kinds of reference models: the ratio of both likelihoods, as a logarithm.
     *
     * @throws IllegalArgumentException if an example that is scored has fewer than two models of either kind
     */
    public static LikelihoodRatioAttack online(ReferenceLosses references, LossScale scale, Spread spread) {
        return new LikelihoodRatioAttack(references, scale, spread, true);
    }

    /**
     * With the models that were not trained on the example: by how many deviations the confidence is above theirs.
     *
     * @throws IllegalArgumentException if an example that is scored has fewer than two such models
     */
    public static LikelihoodRatioAttack offline(ReferenceLosses references, LossScale scale, Spread spread) {
        return new LikelihoodRatioAttack(references, scale, spread, false);
    }

    @Override
    public String name() {
        return "likelihood ratio (LiRA), " + (online ? "online" : "offline") + ", " + references.models() + " models";
    }

    /** Scores of the examples that have enough reference models; minus infinity for those that no model was trained on. */
    @Override
    public double[] scores(double[] losses) {
        Checks.sameLength("losses", losses.length, "examples of the reference models", references.examples());
        double[] confidences = scale.confidences(losses);
        double[] scores = new double[losses.length];
        for (int i = 0; i < scores.length; i++) {
            int in = references.inModels(i);
            if (in == 0 && online) {
                scores[i] = Double.NEGATIVE_INFINITY;
                continue;
            }
            if (references.models() - in < 2 || (online && in < 2)) {
                throw new IllegalArgumentException("the likelihood ratio of example " + i
                        + " needs >= 2 reference models that were not trained on it"
                        + (online ? " and >= 2 that were" : "") + ". Provided numbers: "
                        + (references.models() - in) + (online ? ", " + in : ""));
            }
            scores[i] = online
                    ? StandardNormal.logDensity(confidences[i], meanIn[i], deviationIn[i])
                            - StandardNormal.logDensity(confidences[i], meanOut[i], deviationOut[i])
                    : (confidences[i] - meanOut[i]) / deviationOut[i];
        }
        return scores;
    }

    private void measure(boolean in, double[] means, double[] deviations, Spread spread) {
        double pooledSquares = 0;
        long pooledFreedom = 0;
        for (int example = 0; example < means.length; example++) {
            int count = 0;
            double sum = 0;
            for (int model = 0; model < references.models(); model++) {
                if (references.trainedOn(model, example) == in) {
                    sum += scale.confidence(references.loss(model, example));
                    count++;
                }
            }
            means[example] = count == 0 ? 0 : sum / count;
            double squares = 0;
            for (int model = 0; model < references.models(); model++) {
                if (references.trainedOn(model, example) == in) {
                    double off = scale.confidence(references.loss(model, example)) - means[example];
                    squares += off * off;
                }
            }
            int freedom = Math.max(0, count - 1);
            deviations[example] = Math.max(NARROWEST, Math.sqrt(squares / Math.max(1, freedom)));
            pooledSquares += squares;
            pooledFreedom += freedom;
        }
        if (spread == Spread.POOLED) {
            double pooled = Math.max(NARROWEST, Math.sqrt(pooledSquares / Math.max(1, pooledFreedom)));
            Arrays.fill(deviations, pooled);
        }
    }
}
