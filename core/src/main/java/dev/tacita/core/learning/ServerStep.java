package dev.tacita.core.learning;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** The arithmetic that server steps share; double inside, rounded to float once. */
final class ServerStep {
    private ServerStep() {}

    static float[] add(float[] parameters, double[] mean, double factor) {
        if (parameters.length != mean.length) {
            throw new IllegalArgumentException(
                    "the mean must have as many elements as the parameters. Provided values: " + mean.length + ", "
                            + parameters.length);
        }
        float[] next = new float[parameters.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = (float) (parameters[i] + factor * mean[i]);
        }
        return next;
    }

    /** Refuses a state or a mean that are not of one model, with {@code vectors} remembered for each parameter. */
    static void check(ServerState from, RoundMean mean, int vectors) {
        int size = from.parameters().length;
        if (mean.values().length != size || from.memory().length != vectors * size) {
            throw new IllegalArgumentException("the mean must have as many elements as the parameters, and the memory "
                    + vectors + " times as many. Provided values: " + mean.values().length + ", "
                    + from.memory().length + ", " + size + " parameters");
        }
    }

    /**
     * An adaptive step (Reddi et al. 2021, algorithm 2) on a memory of the first moments, then the second.
     *
     * @param secondMoment the new one from the old one and an element of the mean update
     */
    static ServerState adaptive(
            ServerState from,
            RoundMean mean,
            double beta1,
            double tau,
            double learningRate,
            DoubleBinaryOperator secondMoment) {
        check(from, mean, 2);
        int size = from.parameters().length;
        float[] next = new float[size];
        float[] memory = new float[2 * size];
        for (int i = 0; i < size; i++) {
            double update = mean.values()[i];
            double first = beta1 * from.memory()[i] + (1 - beta1) * update;
            double second = secondMoment.applyAsDouble(from.memory()[size + i], update);
            memory[i] = (float) first;
            memory[size + i] = (float) second;
            next[i] = (float) (from.parameters()[i] + learningRate * first / (Math.sqrt(second) + tau));
        }
        return new ServerState(next, memory);
    }

    /** What keeps a step that does more than average from a model; empty if nothing does. */
    static List<Problem> problemsWithRunningStatistics(ModelSpec model) {
        return model.mixingNodes().stream()
                .map(node -> new Problem(
                        "node '" + node.id() + "'",
                        "the running statistics of a " + node.layer().name()
                                + " must be averaged, and this algorithm's step would move them elsewhere.",
                        "Use " + node.layer().replacement() + " in its place, or train by fedavg."))
                .toList();
    }
}
