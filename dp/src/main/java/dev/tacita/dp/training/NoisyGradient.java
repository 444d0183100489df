package dev.tacita.dp.training;

import dev.tacita.core.learning.PerExampleGradients.Group;
import dev.tacita.core.learning.PerExampleGradients.OfTask;
import java.util.Arrays;
import java.util.List;

/** From a batch to a gradient that may be seen: clipped sum, noise, division by a number that knows nothing of the batch. */
final class NoisyGradient {
    /**
     * Noise is made for a sensitivity that is larger by this factor: norms of gradients are known to 1e-5, and coefficients are
     * floats.
     */
    static final double MARGIN = 1 + 0x1p-15;

    private final OfTask gradients;
    private final List<Group> groups;
    private final Clipper clipper;
    private final double divisor;
    private final double[] trained;
    private float[] sum = new float[0];
    private float[] gradient = new float[0];

    NoisyGradient(OfTask gradients, Clipper clipper, double divisor) {
        this.gradients = gradients;
        this.groups = gradients.groups();
        this.clipper = clipper;
        this.divisor = divisor;
        trained = new double[trained(gradients)];
    }

    /** How many parameters are trained; noise goes to these only, and all others have a gradient of 0. */
    static int trained(OfTask gradients) {
        int trained = gradients.groups().stream().mapToInt(Group::length).reduce(0, Math::addExact);
        if (trained == 0) {
            throw new IllegalArgumentException("private training needs a parameter that is trained. Provided value: 0");
        }
        return trained;
    }

    /** Sums the clipped gradients of a batch; nothing is released. */
    void collect(float[] parameters, int[] rows, int count) throws InterruptedException {
        if (sum.length != parameters.length) {
            sum = new float[parameters.length];
            gradient = new float[parameters.length];
        }
        clipper.begin();
        gradients.sum(parameters, rows, count, clipper, sum);
    }

    /** The noisy gradient of what was collected, shared: for the optimizer. */
    float[] release(NoiseStream noise) {
        double sensitivity = clipper.sensitivity();
        if (sensitivity == 0) {
            Arrays.fill(gradient, 0);
            return gradient;
        }
        int place = 0;
        for (Group group : groups) {
            for (int i = 0; i < group.length(); i++) {
                trained[place++] = sum[group.offset() + i] / sensitivity;
            }
        }
        noise.release(trained);
        place = 0;
        double factor = sensitivity / divisor;
        for (Group group : groups) {
            for (int i = 0; i < group.length(); i++) {
                gradient[group.offset() + i] = (float) (trained[place++] * factor);
            }
        }
        return gradient;
    }
}
