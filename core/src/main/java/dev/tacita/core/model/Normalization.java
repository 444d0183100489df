package dev.tacita.core.model;

import java.util.List;

/**
 * Layers that bring values to mean 0 and variance 1 and then scale and shift them: weight * (x - mean) / sqrt(variance +
 * epsilon) + bias. The weight starts at one, the bias at zero. The variance is the biased one.
 */
public sealed interface Normalization extends Layer {
    /** Added to the variance; above 0, finite. */
    double epsilon();

    /**
     * Over the batch and all positions, for each index of dimension 0: the channels of an image, the elements of a vector
     * (Ioffe and Szegedy 2015, algorithms 1 and 2). Parameters, each (C): weight, bias, running-mean, running-variance;
     * the last two are not trainable.
     *
     * <p>Training normalises by the statistics of the batch, and after each of the optimizer's steps moves the running
     * ones by the momentum towards them, the variance towards the unbiased one. Evaluation normalises by the running
     * ones. A batch of one value for each channel has no variance: it is normalised by the running statistics and leaves
     * them as they are. So does a node that is frozen. A batch too large for one pass is refused.
     *
     * <p>In federated learning each site normalises by its own rows, and the running statistics are averaged as the other
     * parameters are, by the sites' weights. Sites that differ are often better served by {@link GroupNorm}, which the
     * gradients of single examples and FedSGD require: they never move running statistics.
     *
     * @param momentum how far the running statistics move towards those of a batch, above 0, at most 1
     */
    record BatchNorm(double momentum, double epsilon) implements Normalization {
        public BatchNorm {
            if (!(momentum > 0 && momentum <= 1)) {
                throw new IllegalArgumentException("momentum must be > 0 and <= 1. Provided value: " + momentum);
            }
            Layers.checkEpsilon(epsilon);
        }

        /** With a momentum of 0.1 and an epsilon of 0.00001. */
        public static BatchNorm standard() {
            return new BatchNorm(0.1, 1e-5);
        }

        @Override
        public String name() {
            return "batch-norm";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.batchNorm(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Layers.one(inputs);
        }

        @Override
        public List<Parameter> parameters(List<Shape> inputs) {
            Shape channels = Shape.of(inputs.get(0).dimension(0));
            return List.of(
                    new Parameter("weight", channels, Initializer.ONES, 1, 1),
                    new Parameter("bias", channels, Initializer.ZEROS, 1, 1),
                    new Parameter("running-mean", channels, Initializer.ZEROS, 1, 1).untrainable(),
                    new Parameter("running-variance", channels, Initializer.ONES, 1, 1).untrainable());
        }

        @Override
        public boolean mixesExamples() {
            return true;
        }

        @Override
        public String replacement() {
            return "group-norm";
        }
    }

    /**
     * Over each example's groups of neighbouring channels, with all their positions (Wu and He 2018, sec. 3); weight (C),
     * bias (C).
     *
     * @param groups at least 1; must divide dimension 0, and leave at least two values in each group
     */
    record GroupNorm(int groups, double epsilon) implements Normalization {
        public GroupNorm {
            Layers.atLeast("groups", groups, 1);
            Layers.checkEpsilon(epsilon);
        }

        /** With an epsilon of 0.00001. */
        public static GroupNorm of(int groups) {
            return new GroupNorm(groups, 1e-5);
        }

        @Override
        public String name() {
            return "group-norm";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.groupNorm(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape input = Layers.one(inputs);
            if (input.dimension(0) % groups != 0) {
                throw new IllegalArgumentException(
                        "groups must divide the input's first dimension. Provided value: " + groups + " for " + input);
            }
            return Layers.severalValues(input, input.size() / groups);
        }

        @Override
        public List<Parameter> parameters(List<Shape> inputs) {
            return Layers.scaleAndShift(Shape.of(inputs.get(0).dimension(0)));
        }
    }

    /**
     * Over the positions of each channel of each example (Ulyanov, Vedaldi and Lempitsky 2016, eq. 4); weight (C), bias
     * (C). At least two positions.
     */
    record InstanceNorm(double epsilon) implements Normalization {
        public InstanceNorm {
            Layers.checkEpsilon(epsilon);
        }

        /** With an epsilon of 0.00001. */
        public static InstanceNorm standard() {
            return new InstanceNorm(1e-5);
        }

        @Override
        public String name() {
            return "instance-norm";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.instanceNorm(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape input = Layers.one(inputs);
            return Layers.severalValues(input, input.size() / input.dimension(0));
        }

        @Override
        public List<Parameter> parameters(List<Shape> inputs) {
            return Layers.scaleAndShift(Shape.of(inputs.get(0).dimension(0)));
        }
    }

    /**
     * Over the last dimensions of each example (Ba, Kiros and Hinton 2016, sec. 3); weight and bias have the shape of
     * those dimensions.
     *
     * @param dimensions how many, at least 1, at most all; together they have at least two values
     */
    record LayerNorm(int dimensions, double epsilon) implements Normalization {
        public LayerNorm {
            Layers.atLeast("dimensions", dimensions, 1);
            Layers.checkEpsilon(epsilon);
        }

        /** Over the last dimension, with an epsilon of 0.00001. */
        public static LayerNorm standard() {
            return new LayerNorm(1, 1e-5);
        }

        @Override
        public String name() {
            return "layer-norm";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.layerNorm(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape input = Layers.one(inputs);
            if (dimensions > input.rank()) {
                throw new IllegalArgumentException(
                        "dimensions must be at most the input's " + input.rank() + ". Provided value: " + dimensions);
            }
            return Layers.severalValues(input, normalized(input).size());
        }

        @Override
        public List<Parameter> parameters(List<Shape> inputs) {
            return Layers.scaleAndShift(normalized(inputs.get(0)));
        }

        private Shape normalized(Shape input) {
            return new Shape(input.dimensions().subList(input.rank() - dimensions, input.rank()));
        }
    }
}
