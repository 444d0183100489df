package dev.tacita.engine;

/** Sums over the planes of a batch, and values added to them: what a bias for each channel needs. */
final class Planes {
    private Planes() {}

    /** Adds {@code bias[at + channel]} to every element of that channel's planes. */
    static void addBias(float[] bias, int at, float[] y, int batch, int channels, int plane) {
        for (int row = 0; row < batch; row++) {
            for (int channel = 0; channel < channels; channel++) {
                float value = bias[at + channel];
                int from = (row * channels + channel) * plane;
                for (int i = from; i < from + plane; i++) {
                    y[i] += value;
                }
            }
        }
    }

    /** Writes the sum of each channel's planes to {@code gradient[at + channel]}. */
    static void collectBias(float[] signal, float[] gradient, int at, int batch, int channels, int plane) {
        for (int channel = 0; channel < channels; channel++) {
            double sum = 0;
            for (int row = 0; row < batch; row++) {
                sum += Sums.sum(signal, (row * channels + channel) * plane, plane);
            }
            gradient[at + channel] = (float) sum;
        }
    }
}
