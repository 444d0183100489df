package dev.tacita.dp.training;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.ExampleNorms;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.learning.ScalingRule;
import java.util.ArrayList;
import java.util.List;

/** Gradients that are written down, whatever the parameters: those of losses that are linear. */
final class FixedGradients implements PerExampleGradients.OfTask {
    private final List<PerExampleGradients.Group> groups;
    private final float[][] gradients;
    private final int largestPass;

    FixedGradients(List<PerExampleGradients.Group> groups, int largestPass, float[]... gradients) {
        this.groups = groups;
        this.gradients = gradients;
        this.largestPass = largestPass;
    }

    /** One layer, one pass. */
    static FixedGradients of(float[]... gradients) {
        int length = gradients.length == 0 ? 1 : gradients[0].length;
        return new FixedGradients(layers(length), Integer.MAX_VALUE, gradients);
    }

    /** Of one parameter each. */
    static FixedGradients of(double... gradients) {
        float[][] rows = new float[gradients.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[] {(float) gradients[i]};
        }
        return of(rows);
    }

    /** Layers of these lengths, one behind the other: layer-1, layer-2 and so on. */
    static List<PerExampleGradients.Group> layers(int... lengths) {
        List<PerExampleGradients.Group> groups = new ArrayList<>();
        int offset = 0;
        for (int length : lengths) {
            groups.add(new PerExampleGradients.Group("layer-" + (groups.size() + 1), offset, length));
            offset += length;
        }
        return groups;
    }

    @Override
    public List<PerExampleGradients.Group> groups() {
        return groups;
    }

    @Override
    public Evaluation sum(float[] parameters, int[] rows, int count, ScalingRule rule, float[] sum) {
        double[] exact = new double[sum.length];
        for (int first = 0; first < count; first += largestPass) {
            int pass = Math.min(largestPass, count - first);
            ExampleNorms norms = new ExampleNorms(groups.size(), pass);
            norms.begin(first, pass);
            for (int group = 0; group < groups.size(); group++) {
                for (int i = 0; i < pass; i++) {
                    norms.squares(group)[i] = square(gradients[rows[first + i]], groups.get(group));
                }
            }
            rule.scale(norms);
            for (int group = 0; group < groups.size(); group++) {
                for (int i = 0; i < pass; i++) {
                    add(gradients[rows[first + i]], groups.get(group), norms.coefficients(group)[i], exact);
                }
            }
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] = (float) exact[i];
        }
        return Evaluation.NONE;
    }

    @Override
    public void each(float[] parameters, int[] rows, int count, float[][] into) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(gradients[rows[i]], 0, into[i], 0, gradients[rows[i]].length);
        }
    }

    private static double square(float[] gradient, PerExampleGradients.Group group) {
        double square = 0;
        for (int i = group.offset(); i < group.offset() + group.length(); i++) {
            square += (double) gradient[i] * gradient[i];
        }
        return square;
    }

    private static void add(float[] gradient, PerExampleGradients.Group group, float coefficient, double[] sum) {
        for (int i = group.offset(); coefficient != 0 && i < group.offset() + group.length(); i++) {
            sum[i] += (double) coefficient * gradient[i];
        }
    }
}
