package dev.tacita.dp.audit;

import dev.tacita.core.number.SeedStream;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The losses of some examples under reference models, also called shadow models, and which model was trained on which of
 * them. What the model under attack was trained on is no part of it.
 */
public final class ReferenceLosses {
    private final double[][] losses;
    private final boolean[][] trainedOn;

    /**
     * Copies what it is given.
     *
     * @param losses by model and example; at least one of each, no NaN
     * @param trainedOn by model and example
     */
    public ReferenceLosses(double[][] losses, boolean[][] trainedOn) {
        Checks.atLeast("the number of reference models", losses.length, 1);
        Checks.sameLength("lists of what models were trained on", trainedOn.length, "lists of losses", losses.length);
        Checks.atLeast("the number of examples", losses[0].length, 1);
        this.losses = new double[losses.length][];
        this.trainedOn = new boolean[losses.length][];
        for (int model = 0; model < losses.length; model++) {
            Checks.sameLength("losses", losses[model].length, "examples", losses[0].length);
            Checks.sameLength(
                    "marks of what a model was trained on", trainedOn[model].length, "examples", losses[0].length);
            Checks.noNaN("losses", losses[model]);
            this.losses[model] = losses[model].clone();
            this.trainedOn[model] = trainedOn[model].clone();
        }
    }

    /**
     * Trains reference models, two at a time: one on a random half of the candidates, the next on the other half, so that
     * each candidate is in half of the models exactly. Which examples these are does not depend on the model that is attacked.
     *
     * @param training trains one and gives its losses
     * @param examples of the study
     * @param candidates of these, the first so many are trained on, at least 2; the rest never are
     * @param models how many, even, at least 2
     * @param seeds who is in which half
     * @throws InterruptedException if the thread is interrupted before the end
     */
    public static ReferenceLosses train(
            ReferenceTraining training, int examples, int candidates, int models, SeedStream seeds)
            throws InterruptedException {
        Checks.between("candidates", candidates, 2, examples);
        Checks.atLeast("the number of reference models", models, 2);
        if (models % 2 != 0) {
            throw new IllegalArgumentException(
                    "the number of reference models must be even. Provided value: " + models);
        }
        double[][] losses = new double[models][];
        boolean[][] trainedOn = new boolean[models][];
        for (int model = 0; model < models; model++) {
            trainedOn[model] = model % 2 == 0
                    ? half(examples, candidates, seeds.derive(model).random())
                    : rest(trainedOn[model - 1], candidates);
            boolean[] chosen = trainedOn[model];
            int[] rows = IntStream.range(0, candidates).filter(i -> chosen[i]).toArray();
            losses[model] = training.losses(model, rows).clone();
        }
        return new ReferenceLosses(losses, trainedOn);
    }

    /** How many models. */
    public int models() {
        return losses.length;
    }

    /** How many examples. */
    public int examples() {
        return losses[0].length;
    }

    /** The loss of an example under a model. */
    public double loss(int model, int example) {
        return losses[model][example];
    }

    /** Whether a model was trained on an example. */
    public boolean trainedOn(int model, int example) {
        return trainedOn[model][example];
    }

    /** How many models were trained on an example. */
    int inModels(int example) {
        int count = 0;
        for (boolean[] of : trainedOn) {
            count += of[example] ? 1 : 0;
        }
        return count;
    }

    private static boolean[] half(int examples, int candidates, RandomGenerator random) {
        int[] order = IntStream.range(0, candidates).toArray();
        for (int i = candidates - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        boolean[] chosen = new boolean[examples];
        for (int i = 0; i < candidates / 2; i++) {
            chosen[order[i]] = true;
        }
        return chosen;
    }

    private static boolean[] rest(boolean[] half, int candidates) {
        boolean[] chosen = new boolean[half.length];
        for (int i = 0; i < candidates; i++) {
            chosen[i] = !half[i];
        }
        return chosen;
    }
}
