package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

/**
 * A classifier of members and others, fitted to shadow models whose members are known (Shokri et al. 2017, section 5): one for
 * each class of examples, a logistic regression on the confidence and its square.
 */
public final class ShadowModelAttack implements MembershipAttack {
    private static final int STEPS = 30;
    private static final double RIDGE = 1e-3;

    private final ReferenceLosses shadows;
    private final LossScale scale;
    private final int[] classes;
    private final double[][] weights;
    private final double[] centres;
    private final double[] widths;

    /**
     * Fits the classifiers.
     *
     * @param classes of the examples, from 0; all 0 where there are none
     */
    public ShadowModelAttack(ReferenceLosses shadows, LossScale scale, int[] classes) {
        this.shadows = shadows;
        this.scale = requireNonNull(scale, "scale is null");
        this.classes = classes.clone();
        Checks.sameLength("classes", classes.length, "examples of the shadow models", shadows.examples());
        int count = 1;
        for (int i = 0; i < classes.length; i++) {
            Checks.atLeast("the class of example " + i, classes[i], 0);
            count = Math.max(count, classes[i] + 1);
        }
        weights = new double[count][3];
        centres = new double[count];
        widths = new double[count];
        for (int c = 0; c < count; c++) {
            fit(c);
        }
    }

    @Override
    public String name() {
        return "shadow models (Shokri), " + shadows.models() + " models";
    }

    /** The logarithm of the odds of being a member. */
    @Override
    public double[] scores(double[] losses) {
        Checks.sameLength("losses", losses.length, "examples of the shadow models", shadows.examples());
        double[] confidences = scale.confidences(losses);
        double[] scores = new double[losses.length];
        for (int i = 0; i < scores.length; i++) {
            int c = classes[i];
            scores[i] = odds(weights[c], (confidences[i] - centres[c]) / widths[c]);
        }
        return scores;
    }

    private static double odds(double[] w, double x) {
        return w[0] + w[1] * x + w[2] * x * x;
    }

    private void fit(int c) {
        double count = 0;
        double sum = 0;
        double squares = 0;
        for (int example = 0; example < classes.length; example++) {
            for (int model = 0; classes[example] == c && model < shadows.models(); model++) {
                double confidence = scale.confidence(shadows.loss(model, example));
                count++;
                sum += confidence;
                squares += confidence * confidence;
            }
        }
        centres[c] = count == 0 ? 0 : sum / count;
        double variance = count == 0 ? 0 : squares / count - centres[c] * centres[c];
        widths[c] = variance > 0 ? Math.sqrt(variance) : 1;
        for (int step = 0; step < STEPS; step++) {
            newtonStep(c);
        }
    }

    private void newtonStep(int c) {
        double[] w = weights[c];
        double[] gradient = {RIDGE * w[0], RIDGE * w[1], RIDGE * w[2]};
        double[][] hessian = {{RIDGE, 0, 0}, {0, RIDGE, 0}, {0, 0, RIDGE}};
        for (int example = 0; example < classes.length; example++) {
            for (int model = 0; classes[example] == c && model < shadows.models(); model++) {
                double x = (scale.confidence(shadows.loss(model, example)) - centres[c]) / widths[c];
                double probability = 1 / (1 + Math.exp(-odds(w, x)));
                double error = probability - (shadows.trainedOn(model, example) ? 1 : 0);
                double[] features = {1, x, x * x};
                for (int i = 0; i < 3; i++) {
                    gradient[i] += error * features[i];
                    for (int j = 0; j < 3; j++) {
                        hessian[i][j] += probability * (1 - probability) * features[i] * features[j];
                    }
                }
            }
        }
        double[] step = solve(hessian, gradient);
        double length = Math.max(1, Math.max(Math.abs(step[0]), Math.max(Math.abs(step[1]), Math.abs(step[2]))));
        for (int i = 0; i < 3; i++) {
            w[i] -= step[i] / length;
        }
    }

    private static double[] solve(double[][] a, double[] b) {
        double d = determinant(a[0], a[1], a[2]);
        double[] x = new double[3];
        for (int column = 0; column < 3; column++) {
            double[][] replaced = new double[3][];
            for (int row = 0; row < 3; row++) {
                replaced[row] = a[row].clone();
                replaced[row][column] = b[row];
            }
            x[column] = determinant(replaced[0], replaced[1], replaced[2]) / d;
        }
        return x;
    }

    private static double determinant(double[] a, double[] b, double[] c) {
        return a[0] * (b[1] * c[2] - b[2] * c[1])
                - a[1] * (b[0] * c[2] - b[2] * c[0])
                + a[2] * (b[0] * c[1] - b[1] * c[0]);
    }
}
