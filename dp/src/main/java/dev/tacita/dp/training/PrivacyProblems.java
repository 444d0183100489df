package dev.tacita.dp.training;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.dp.mechanism.GaussianMechanism;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What keeps a model from being trained privately: every reason, with its remedy, before anything is trained. */
public final class PrivacyProblems {
    private PrivacyProblems() {}

    /** Of training with a guarantee for each example, besides what the gradients themselves cannot do; empty if there are none. */
    public static List<Problem> ofExamples(ModelSpec model, Loss loss, double noiseMultiplier, Clipping clipping) {
        List<Problem> problems = new ArrayList<>(PerExampleGradients.mixing(model, loss));
        problems.addAll(ofNoise(noiseMultiplier, clipping));
        problems.addAll(ofClipping(model, clipping));
        return problems;
    }

    /** Of a clipping for this model; empty if there are none. */
    public static List<Problem> ofClipping(ModelSpec model, Clipping clipping) {
        List<Problem> problems = new ArrayList<>();
        Set<String> trained = new TreeSet<>();
        for (ParameterLayout.Slot slot : model.layout().slots()) {
            if (slot.trained()) {
                trained.add(slot.node());
            }
        }
        if (trained.isEmpty()) {
            problems.add(new Problem(
                    "model",
                    "private training needs a parameter that is trained; every layer is frozen or has none.",
                    "Leave a layer unfrozen."));
        }
        if (clipping instanceof Clipping.PerLayer layers) {
            for (String node : layers.norms().keySet()) {
                if (!trained.contains(node)) {
                    problems.add(new Problem(
                            "clipping norm of node '" + node + "'",
                            "a norm must be for a node whose parameters are trained.",
                            "Those of the model are: " + String.join(", ", trained) + "."));
                }
            }
        }
        return problems;
    }

    /** Of a noise multiplier with this clipping; empty if there are none. */
    public static List<Problem> ofNoise(double noiseMultiplier, Clipping clipping) {
        List<Problem> problems = new ArrayList<>();
        if (!inRange(noiseMultiplier)) {
            problems.add(new Problem(
                    "noise-multiplier",
                    rule(noiseMultiplier) + ".",
                    "Calibrate it to the epsilon and delta that you may spend."));
        } else if (clipping instanceof Clipping.Quantile quantile
                && !(QuantileNorm.countMultiplier(quantile) > noiseMultiplier)) {
            problems.add(new Problem(
                    "count-deviation",
                    "it must be above half the noise multiplier of " + noiseMultiplier
                            + ", or nothing is left for the sum. Provided value: " + quantile.countDeviation() + ".",
                    "A twentieth of the expected batch is usual."));
        }
        return problems;
    }

    static void checkNoiseMultiplier(double noiseMultiplier) {
        if (!inRange(noiseMultiplier)) {
            throw new IllegalArgumentException(rule(noiseMultiplier));
        }
    }

    private static boolean inRange(double noiseMultiplier) {
        return noiseMultiplier >= 0x1p-100 && noiseMultiplier <= GaussianMechanism.LARGEST_NOISE_MULTIPLIER;
    }

    private static String rule(double noiseMultiplier) {
        return "noise-multiplier must be > 0 and <= " + GaussianMechanism.LARGEST_NOISE_MULTIPLIER
                + ". Provided value: " + noiseMultiplier;
    }
}
