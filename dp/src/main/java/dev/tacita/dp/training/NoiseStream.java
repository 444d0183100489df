package dev.tacita.dp.training;

/** The noise of the sums of one training, step after step. */
interface NoiseStream {
    /**
     * Replaces the sum of this step by what is released of it.
     *
     * @param sum in which one member's part has a norm of at most 1; as long as the parameters that are trained
     */
    void release(double[] sum);
}
