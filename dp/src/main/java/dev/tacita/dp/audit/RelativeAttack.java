package dev.tacita.dp.audit;

import java.util.Arrays;

/**
 * RMIA: the share of a population of other examples that the model favours less than this one, each compared with what
 * models in general make of it (Zarifzadeh, Liu and Shokri 2024, algorithm 1 online, 2 offline). It is strong with few
 * reference models. The likelihood of an example is e^-loss.
 */
public final class RelativeAttack implements MembershipAttack {
    private final ReferenceLosses references;
    private final int[] population;
    private final double gamma;
    private final double[] marginal;
    private final boolean online;

    private RelativeAttack(ReferenceLosses references, int[] population, double gamma, boolean online, double slope) {
        this.references = references;
        this.population = population.clone();
        this.gamma = gamma;
        this.online = online;
        Checks.atLeast("the number of examples in the population", population.length, 1);
        Checks.positive("gamma", gamma);
        marginal = new double[references.examples()];
        for (int i = 0; i < marginal.length; i++) {
            marginal[i] = online ? mean(i, true) : ((1 + slope) * mean(i, false) + (1 - slope)) / 2;
        }
    }

    /**
     * With reference models of which half were trained on each example that is scored.
     *
     * @param population examples that neither the model under attack nor any reference model was trained on
     * @param gamma how much more than another the model must favour an example, as a ratio; the authors take 1 to 2
     */
    public static RelativeAttack online(ReferenceLosses references, int[] population, double gamma) {
        return new RelativeAttack(references, population, gamma, true, 0);
    }

    /**
     * With the reference models that were not trained on the example. What those trained on it would make of it is taken to
     * be slope * p + 1 - slope, where p is the mean likelihood of those that were not.
     *
     * @param population examples that neither the model under attack nor any reference model was trained on
     * @param gamma how much more than another the model must favour an example, as a ratio; the authors take 1 to 2
     * @param slope from 0 to 1
     */
    public static RelativeAttack offline(ReferenceLosses references, int[] population, double gamma, double slope) {
        if (!(slope >= 0 && slope <= 1)) {
            throw new IllegalArgumentException("slope must lie from 0 to 1. Provided value: " + slope);
        }
        return new RelativeAttack(references, population, gamma, false, slope);
    }

    @Override
    public String name() {
        return "relative likelihood (RMIA), " + (online ? "online" : "offline") + ", " + references.models()
                + " models";
    }

    /** One score for each example, from 0 to 1. Those of the population itself say nothing. */
    @Override
    public double[] scores(double[] losses) {
        Checks.sameLength("losses", losses.length, "examples of the reference models", references.examples());
        Checks.noNaN("losses", losses);
        double[] others = new double[population.length];
        for (int i = 0; i < others.length; i++) {
            others[i] = ratio(losses, population[i]);
        }
        Arrays.sort(others);
        double[] scores = new double[losses.length];
        for (int i = 0; i < scores.length; i++) {
            double ratio = ratio(losses, i);
            int favouredLess = 0;
            int end = others.length;
            while (favouredLess < end) {
                int middle = (favouredLess + end) >>> 1;
                if (ratio >= gamma * others[middle]) {
                    favouredLess = middle + 1;
                } else {
                    end = middle;
                }
            }
            scores[i] = (double) favouredLess / others.length;
        }
        return scores;
    }

    private double ratio(double[] losses, int example) {
        return Math.exp(-losses[example]) / Math.max(Double.MIN_NORMAL, marginal[example]);
    }

    private double mean(int example, boolean all) {
        double sum = 0;
        int count = 0;
        for (int model = 0; model < references.models(); model++) {
            if (all || !references.trainedOn(model, example)) {
                sum += Math.exp(-references.loss(model, example));
                count++;
            }
        }
        if (count == 0) {
            throw new IllegalArgumentException("the relative likelihood of example " + example
                    + " needs >= 1 reference model that was not trained on it. Provided number: 0");
        }
        return sum / count;
    }
}
