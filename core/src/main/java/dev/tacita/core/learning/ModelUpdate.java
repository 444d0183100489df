package dev.tacita.core.learning;

/**
 * What one site has learnt in a round, as it left the trainer: not yet clipped, encoded or protected, so it cannot be
 * sent. The stages are {@link ModelUpdate}, {@link ClippedUpdate}, {@link EncodedUpdate}, {@link ProtectedUpdate}.
 */
public final class ModelUpdate {
    private final float[] values;
    private final long weight;

    /**
     * Takes the array over.
     *
     * @param values one for each parameter
     * @param weight the number of examples behind it, at least 1
     */
    public ModelUpdate(float[] values, long weight) {
        Checks.atLeast("weight", weight, 1);
        this.values = values;
        this.weight = weight;
    }

    /** As it is. For runs that promise no bound on what one site can do to the model. */
    public ClippedUpdate withoutClipping() {
        return new ClippedUpdate(values, weight);
    }

    /**
     * Scaled down to an L2 norm of at most {@code norm}; unchanged if it is within already; zeros if a value is not finite.
     *
     * @param norm above 0, finite
     */
    public ClippedUpdate clip(double norm) {
        Checks.positive("clip norm", norm);
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        if (!(squares < Double.POSITIVE_INFINITY)) {
            return new ClippedUpdate(new float[values.length], weight);
        }
        double factor = Math.min(1, norm / Math.sqrt(squares));
        float[] clipped = values.clone();
        if (factor < 1) {
            for (int i = 0; i < clipped.length; i++) {
                clipped[i] = (float) (clipped[i] * factor);
            }
        }
        return new ClippedUpdate(clipped, weight);
    }

    /** The number of parameters. */
    public int size() {
        return values.length;
    }

    /** The number of examples behind it. */
    public long weight() {
        return weight;
    }

    /** Its values, shared: for the site's own code only. */
    public float[] valuesInTheClear() {
        return values;
    }
}
