package dev.tacita.core.learning;

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
}
