package dev.tacita.engine.kernel;

import java.util.Optional;

/**
 * A matrix of weights (units, features) that takes its steps of gradient descent where its products are made: between
 * {@link #load} and {@link #store} the parameters in the heap are not touched. The same calls give the same bits. An
 * instance keeps working memory: it belongs to one thread at a time.
 */
public interface ResidentWeight {
    /** Takes the matrix from its place in the parameters. */
    void load(float[] parameters, int at);

    /** {@code y = x W^T} for {@code rows} rows. */
    void forward(int rows, float[] x, float[] y);

    /**
     * The way back of the last {@link #forward}, then {@code W -= rate * signal^T x}.
     *
     * @param signal of as many rows as the last forward pass had
     * @param to what becomes {@code signal W}, with W as it was in the forward pass, if anyone wants it
     */
    void descend(int rows, float[] signal, float rate, Optional<float[]> to);

    /** Writes the matrix to its place in the parameters. */
    void store(float[] parameters, int at);
}
