package dev.tacita.engine;

import dev.tacita.core.model.Sequence;
import java.util.Arrays;

/** Sequence layers as their definitions read, one number at a time. */
final class NaiveSequence {
    /** The parameters of a layer: element {@code index} of parameter {@code slot}. */
    interface Parameters {
        double at(int slot, int index);
    }

    private NaiveSequence() {}

    /** matrix * x + bias, for rows {@code first} to {@code first} + rows - 1 of parameters {@code matrix} and {@code bias}. */
    static double[] affine(Parameters p, int matrix, int bias, int first, int rows, double[] x) {
        double[] y = new double[rows];
        for (int i = 0; i < rows; i++) {
            y[i] = p.at(bias, first + i);
            for (int j = 0; j < x.length; j++) {
                y[i] += p.at(matrix, (first + i) * x.length + j) * x[j];
            }
        }
        return y;
    }

    static double[] step(double[] sequence, int steps, int step) {
        int width = sequence.length / steps;
        return Arrays.copyOfRange(sequence, step * width, (step + 1) * width);
    }

    static double[] embedding(Sequence.Embedding layer, double[] tokens, Parameters p) {
        double[] y = new double[tokens.length * layer.width()];
        for (int i = 0; i < y.length; i++) {
            y[i] = p.at(0, ((int) tokens[i / layer.width()]) * layer.width() + i % layer.width());
        }
        return y;
    }

    static double[] positionalEmbedding(double[] x, Parameters p) {
        double[] y = x.clone();
        for (int i = 0; i < y.length; i++) {
            y[i] += p.at(0, i);
        }
        return y;
    }

    static double[] lstm(Sequence.Lstm layer, double[] sequence, int steps, Parameters p) {
        int units = layer.units();
        double[] all = new double[steps * units];
        double[] h = new double[units];
        double[] c = new double[units];
        for (int t = 0; t < steps; t++) {
            double[] input = affine(p, 0, 2, 0, 4 * units, step(sequence, steps, t));
            double[] recurrent = affine(p, 1, 3, 0, 4 * units, h);
            for (int u = 0; u < units; u++) {
                double i = sigmoid(input[u] + recurrent[u]);
                double f = sigmoid(input[units + u] + recurrent[units + u]);
                double g = Math.tanh(input[2 * units + u] + recurrent[2 * units + u]);
                double o = sigmoid(input[3 * units + u] + recurrent[3 * units + u]);
                c[u] = f * c[u] + i * g;
                h[u] = o * Math.tanh(c[u]);
            }
            System.arraycopy(h, 0, all, t * units, units);
        }
        return layer.returnSequences() ? all : h;
    }

    static double[] gru(Sequence.Gru layer, double[] sequence, int steps, Parameters p) {
        int units = layer.units();
        double[] all = new double[steps * units];
        double[] h = new double[units];
        for (int t = 0; t < steps; t++) {
            double[] input = affine(p, 0, 2, 0, 3 * units, step(sequence, steps, t));
            double[] recurrent = affine(p, 1, 3, 0, 3 * units, h);
            for (int u = 0; u < units; u++) {
                double r = sigmoid(input[u] + recurrent[u]);
                double z = sigmoid(input[units + u] + recurrent[units + u]);
                double n = Math.tanh(input[2 * units + u] + r * recurrent[2 * units + u]);
                h[u] = (1 - z) * n + z * h[u];
            }
            System.arraycopy(h, 0, all, t * units, units);
        }
        return layer.returnSequences() ? all : h;
    }

    static double[] selfAttention(Sequence.SelfAttention layer, double[] sequence, int steps, Parameters p) {
        int width = sequence.length / steps;
        int size = width / layer.heads();
        double[][] q = new double[steps][];
        double[][] k = new double[steps][];
        double[][] v = new double[steps][];
        for (int t = 0; t < steps; t++) {
            double[] x = step(sequence, steps, t);
            q[t] = affine(p, 0, 1, 0, width, x);
            k[t] = affine(p, 0, 1, width, width, x);
            v[t] = affine(p, 0, 1, 2 * width, width, x);
        }
        double[] y = new double[sequence.length];
        for (int t = 0; t < steps; t++) {
            double[] mixed = new double[width];
            for (int head = 0; head < layer.heads(); head++) {
                double[] weight = new double[layer.causal() ? t + 1 : steps];
                double sum = 0;
                for (int s = 0; s < weight.length; s++) {
                    double score = 0;
                    for (int i = head * size; i < (head + 1) * size; i++) {
                        score += q[t][i] * k[s][i];
                    }
                    weight[s] = Math.exp(score / Math.sqrt(size));
                    sum += weight[s];
                }
                for (int s = 0; s < weight.length; s++) {
                    for (int i = head * size; i < (head + 1) * size; i++) {
                        mixed[i] += weight[s] / sum * v[s][i];
                    }
                }
            }
            System.arraycopy(affine(p, 2, 3, 0, width, mixed), 0, y, t * width, width);
        }
        return y;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
