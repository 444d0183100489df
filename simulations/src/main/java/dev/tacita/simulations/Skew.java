package dev.tacita.simulations;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * How the same kind of row looks different at each site. Pure: the same arguments give the same bits. Test rows that are a
 * site's own change as its training rows do; test rows that are nobody's stay as they are.
 */
public sealed interface Skew {
    /** The name that studies use, such as {@code noise}. */
    String name();

    /** What keeps it from such a model; empty if nothing does. */
    default List<Problem> problemsWith(ModelSpec model, Loss loss) {
        return List.of();
    }

    /**
     * A site's rows as the site sees them.
     *
     * @param index of the site, from 0
     * @param sites how many there are
     * @param classes how many there are; 0 if targets are no classes
     * @param seeds of the skew, the same for all sites
     */
    Examples at(int index, int sites, int classes, Examples rows, SeedStream seeds);

    /**
     * Each input has normal noise of a deviation that grows from site to site: {@code largest} * i / n at site i of n, counted
     * from 1 (Li et al. 2022, NIID-Bench, section 4.2, whose noise has such a variance).
     *
     * @param largest deviation, above 0, finite
     */
    record Noise(double largest) implements Skew {
        public Noise {
            above("largest", largest);
        }

        @Override
        public String name() {
            return "noise";
        }

        @Override
        public Examples at(int index, int sites, int classes, Examples rows, SeedStream seeds) {
            double deviation = largest * (index + 1) / sites;
            long start = seeds.derive(index).derive(rows.size()).random().nextLong();
            return ChangedExamples.inputs(rows, (row, input) -> {
                RandomGenerator random = new SplittableRandom(start + row * 0x9E3779B97F4A7C15L);
                for (int i = 0; i < input.length; i++) {
                    input[i] = (float) (input[i] + deviation * random.nextGaussian());
                }
            });
        }
    }

    /**
     * Images are turned about their middle, at each site by an angle of its own: site i of n, counted from 1, by
     * {@code largest} * (2 (i - 1) / (n - 1) - 1) degrees; a single site is not turned. Between pixels the nearest four are
     * weighed; outside the image is what is in its nearest pixel.
     *
     * @param largest in degrees, above 0, at most 180
     */
    record Rotation(double largest) implements Skew {
        public Rotation {
            if (!(largest > 0 && largest <= 180)) {
                throw new IllegalArgumentException("degrees must be > 0 and <= 180. Provided value: " + largest);
            }
        }

        @Override
        public String name() {
            return "rotation";
        }

        @Override
        public List<Problem> problemsWith(ModelSpec model, Loss loss) {
            Shape shape = model.inputs().get(0).shape();
            return shape.rank() == 3
                    ? List.of()
                    : List.of(new Problem(
                            name(),
                            "inputs must be images of (channels, height, width). Provided value: " + shape + ".",
                            "Use noise or scaling."));
        }

        @Override
        public Examples at(int index, int sites, int classes, Examples rows, SeedStream seeds) {
            double angle = sites == 1 ? 0 : Math.toRadians(largest * (2.0 * index / (sites - 1) - 1));
            Shape shape = rows.inputShape();
            return ChangedExamples.inputs(rows, (row, input) -> turn(input, shape, angle));
        }

        private static void turn(float[] image, Shape shape, double angle) {
            float[] before = image.clone();
            int height = shape.dimension(1);
            int width = shape.dimension(2);
            double cos = Math.cos(angle);
            double sin = Math.sin(angle);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    double right = x - (width - 1) / 2.0;
                    double down = y - (height - 1) / 2.0;
                    double fromX = cos * right + sin * down + (width - 1) / 2.0;
                    double fromY = -sin * right + cos * down + (height - 1) / 2.0;
                    for (int channel = 0; channel < shape.dimension(0); channel++) {
                        image[(channel * height + y) * width + x] =
                                (float) between(before, channel * height * width, height, width, fromY, fromX);
                    }
                }
            }
        }

        private static double between(float[] image, int offset, int height, int width, double y, double x) {
            double insideY = Math.max(0, Math.min(height - 1, y));
            double insideX = Math.max(0, Math.min(width - 1, x));
            int top = (int) insideY;
            int left = (int) insideX;
            int bottom = Math.min(height - 1, top + 1);
            int right = Math.min(width - 1, left + 1);
            double downwards = insideY - top;
            double rightwards = insideX - left;
            double above = (1 - rightwards) * image[offset + top * width + left]
                    + rightwards * image[offset + top * width + right];
            double below = (1 - rightwards) * image[offset + bottom * width + left]
                    + rightwards * image[offset + bottom * width + right];
            return (1 - downwards) * above + downwards * below;
        }
    }

    /**
     * Each site measures in its own units: input j of a site is multiplied by e^(spread z_j), z normal and drawn for each site and
     * channel of an image, or each site and input of a table.
     *
     * @param spread deviation of the logarithm, above 0, finite
     */
    record Scaling(double spread) implements Skew {
        public Scaling {
            above("spread", spread);
        }

        @Override
        public String name() {
            return "scaling";
        }

        @Override
        public Examples at(int index, int sites, int classes, Examples rows, SeedStream seeds) {
            Shape shape = rows.inputShape();
            int parts = shape.rank() == 3 ? shape.dimension(0) : shape.size();
            int length = shape.size() / parts;
            RandomGenerator random = seeds.derive(index).random();
            float[] factors = new float[parts];
            for (int i = 0; i < parts; i++) {
                factors[i] = (float) Math.exp(spread * random.nextGaussian());
            }
            return ChangedExamples.inputs(rows, (row, input) -> {
                for (int i = 0; i < input.length; i++) {
                    input[i] *= factors[i / length];
                }
            });
        }
    }

    /**
     * Sites do not agree what a class is (Sattler et al. 2020, clustered federated learning, section 4): they are dealt at random
     * to groups, all as large, give or take one; the first group keeps its labels, each other has them permuted in a way of its
     * own, in which no class keeps its name.
     *
     * @param groups at least 2
     */
    record ConceptShift(int groups) implements Skew {
        public ConceptShift {
            if (groups < 2) {
                throw new IllegalArgumentException("groups must be >= 2. Provided value: " + groups);
            }
        }

        @Override
        public String name() {
            return "concept-shift";
        }

        @Override
        public List<Problem> problemsWith(ModelSpec model, Loss loss) {
            return Classes.problems(name(), model, loss);
        }

        @Override
        public Examples at(int index, int sites, int classes, Examples rows, SeedStream seeds) {
            int group = Dealing.shuffled(sites, seeds.derive("groups").random())[index] % groups;
            if (group == 0 || classes < 2) {
                return rows;
            }
            // A shuffled circle: each class is called what comes after it there, or group - 1 places further.
            int[] circle = Dealing.shuffled(classes, seeds.derive("labels").random());
            int[] called = new int[classes];
            int step = 1 + (group - 1) % (classes - 1);
            for (int i = 0; i < classes; i++) {
                called[circle[i]] = circle[(i + step) % classes];
            }
            return ChangedExamples.targets(rows, (row, target) -> target[0] = called[(int) target[0]]);
        }
    }

    private static void above(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be > 0 and finite. Provided value: " + value);
        }
    }
}
