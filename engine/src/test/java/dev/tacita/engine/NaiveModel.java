package dev.tacita.engine;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.LayerVisitor;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The oracle: runs a model on one example in double precision, straight from the layers' definitions. */
final class NaiveModel {
    private final ModelSpec model;
    private final Loss loss;
    private final Map<String, Shape> shapes;
    private final ParameterLayout layout;

    NaiveModel(ModelSpec model, Loss loss) {
        this.model = model;
        this.loss = loss;
        shapes = model.shapes();
        layout = model.layout();
    }

    double meanLoss(double[] parameters, Examples examples) {
        double sum = 0;
        for (int row = 0; row < examples.size(); row++) {
            sum += loss(parameters, examples, row);
        }
        return sum / examples.size();
    }

    double[] meanGradient(double[] parameters, Examples examples) {
        List<Map<String, double[]>> values = values(parameters, examples);
        double[] gradient = new double[parameters.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = slope(values, parameters, examples, i);
        }
        return gradient;
    }

    double slope(double[] parameters, Examples examples, int index) {
        return slope(values(parameters, examples), parameters, examples, index);
    }

    /** @param values what every node gives for each example before the parameter is moved */
    private double slope(List<Map<String, double[]>> values, double[] parameters, Examples examples, int index) {
        double step = 1e-6;
        List<Node> moving =
                model.nodes().subList(firstReader(index), model.nodes().size());
        double[] moved = parameters.clone();
        moved[index] = parameters[index] + step;
        double above = meanLoss(moving, values, moved, examples);
        moved[index] = parameters[index] - step;
        return (above - meanLoss(moving, values, moved, examples)) / (2 * step);
    }

    /** What comes before the first node that reads a parameter does not depend on it. */
    private int firstReader(int index) {
        List<Node> nodes = model.nodes();
        int first = 0;
        while (first < nodes.size() && layout.of(nodes.get(first).id()).stream().noneMatch(slot -> has(slot, index))) {
            first++;
        }
        return first;
    }

    private static boolean has(ParameterLayout.Slot slot, int index) {
        return slot.offset() <= index && index < slot.offset() + slot.length();
    }

    private double meanLoss(
            List<Node> moving, List<Map<String, double[]>> values, double[] parameters, Examples examples) {
        double sum = 0;
        for (int row = 0; row < examples.size(); row++) {
            Map<String, double[]> moved = new HashMap<>(values.get(row));
            run(moving, moved, parameters);
            sum += loss(Objects.requireNonNull(moved.get(model.output())), target(examples, row));
        }
        return sum / examples.size();
    }

    private List<Map<String, double[]>> values(double[] parameters, Examples examples) {
        List<Map<String, double[]>> rows = new ArrayList<>();
        for (int row = 0; row < examples.size(); row++) {
            rows.add(values(parameters, input(examples, row)));
        }
        return rows;
    }

    double loss(double[] parameters, Examples examples, int row) {
        return loss(output(parameters, input(examples, row)), target(examples, row));
    }

    private static double[] input(Examples examples, int row) {
        float[] input = new float[examples.inputShape().size()];
        examples.copyInput(row, input, 0);
        return Cases.widen(input);
    }

    private static float[] target(Examples examples, int row) {
        float[] target = new float[examples.targetSize()];
        examples.copyTarget(row, target, 0);
        return target;
    }

    /** The outputs of a whole batch in training: batch normalisation by the batch's own statistics. */
    double[][] trainingOutputs(double[] parameters, double[][] inputs) {
        List<Map<String, double[]>> rows = new ArrayList<>();
        for (double[] input : inputs) {
            rows.add(new HashMap<>(Map.of(model.inputs().get(0).id(), input)));
        }
        for (Node node : model.nodes()) {
            if (node.layer() instanceof Normalization.BatchNorm layer && !node.frozen()) {
                normaliseByBatch(node, layer, rows, parameters);
            } else {
                rows.forEach(row -> row.put(node.id(), node.layer().accept(new Runner(node, row, parameters))));
            }
        }
        return rows.stream()
                .map(row -> Objects.requireNonNull(row.get(model.output())))
                .toArray(double[][]::new);
    }

    private void normaliseByBatch(
            Node node, Normalization.BatchNorm layer, List<Map<String, double[]>> rows, double[] parameters) {
        double[] all = joined(rows, node.inputs().get(0));
        int size = all.length / rows.size();
        int plane = size / layout.of(node.id()).get(0).length();
        double[] y = NaiveNormalization.standardised(all, i -> i % size / plane, layer.epsilon());
        for (int row = 0; row < rows.size(); row++) {
            double[] one = Arrays.copyOfRange(y, row * size, (row + 1) * size);
            rows.get(row).put(node.id(), new Runner(node, rows.get(row), parameters).scaledAndShifted(one, plane));
        }
    }

    private static double[] joined(List<Map<String, double[]>> rows, String id) {
        return rows.stream()
                .flatMapToDouble(row -> Arrays.stream(Objects.requireNonNull(row.get(id))))
                .toArray();
    }

    double[] output(double[] parameters, double[] input) {
        return Objects.requireNonNull(values(parameters, input).get(model.output()));
    }

    private Map<String, double[]> values(double[] parameters, double[] input) {
        Map<String, double[]> values = new HashMap<>();
        values.put(model.inputs().get(0).id(), input);
        run(model.nodes(), values, parameters);
        return values;
    }

    private void run(List<Node> nodes, Map<String, double[]> values, double[] parameters) {
        for (Node node : nodes) {
            values.put(node.id(), node.layer().accept(new Runner(node, values, parameters)));
        }
    }

    private double loss(double[] output, float[] target) {
        return NaiveLoss.one(loss, output, target);
    }

    static double activate(ActivationFunction function, double x) {
        if (function instanceof ActivationFunction.LeakyRelu leaky) {
            return x > 0 ? x : leaky.slope() * x;
        } else if (function instanceof ActivationFunction.Elu elu) {
            return x > 0 ? x : elu.alpha() * (Math.exp(x) - 1);
        } else if (function instanceof ActivationFunction.Tanh) {
            return Math.tanh(x);
        } else if (function instanceof ActivationFunction.Sigmoid) {
            return 1 / (1 + Math.exp(-x));
        } else if (function instanceof ActivationFunction.Softplus) {
            return Math.log(1 + Math.exp(x));
        } else if (function instanceof ActivationFunction.Gelu gelu) {
            return gelu.tanhApproximation()
                    ? x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))
                    : x / 2 * (1 + erf(x / Math.sqrt(2)));
        } else if (function instanceof ActivationFunction.Silu) {
            return x / (1 + Math.exp(-x));
        } else if (function instanceof ActivationFunction.Hardtanh hardtanh) {
            return Math.min(hardtanh.max(), Math.max(hardtanh.min(), x));
        } else if (function instanceof ActivationFunction.Relu6) {
            return Math.min(6, Math.max(0, x));
        }
        return Math.max(0, x);
    }

    /** 2 / sqrt(pi) * e^-x^2 * sum of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1)), all of one sign. */
    static double erf(double x) {
        double term = x;
        double sum = 0;
        for (int n = 0; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            sum += term;
            term *= 2 * x * x / (2 * n + 3);
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    private final class Runner implements LayerVisitor<double[]> {
        private final List<double[]> inputs;
        private final List<Shape> inputShapes;
        private final Shape shape;
        private final List<ParameterLayout.Slot> slots;
        private final int[] offsets;
        private final double[] parameters;

        Runner(Node node, Map<String, double[]> values, double[] parameters) {
            inputs = node.inputs().stream()
                    .map(id -> Objects.requireNonNull(values.get(id)))
                    .toList();
            inputShapes = node.inputs().stream()
                    .map(id -> Objects.requireNonNull(shapes.get(id)))
                    .toList();
            shape = Objects.requireNonNull(shapes.get(node.id()));
            slots = layout.of(node.id());
            offsets = slots.stream().mapToInt(ParameterLayout.Slot::offset).toArray();
            this.parameters = parameters;
        }

        private double parameter(int slot, int index) {
            return slot < offsets.length ? parameters[offsets[slot] + index] : 0;
        }

        @Override
        public double[] dense(Layer.Dense layer) {
            double[] y = new double[shape.size()];
            int steps = y.length / layer.units();
            for (int step = 0; step < steps; step++) {
                double[] x = NaiveSequence.step(inputs.get(0), steps, step);
                double[] units = NaiveSequence.affine(this::parameter, 0, 1, 0, layer.units(), x);
                System.arraycopy(units, 0, y, step * layer.units(), layer.units());
            }
            return y;
        }

        /** The value at a place of image 0; NaN in the padding. */
        private double at(int channel, int row, int column) {
            Shape image = inputShapes.get(0);
            if (row < 0 || column < 0 || row >= image.dimension(1) || column >= image.dimension(2)) {
                return Double.NaN;
            }
            return inputs.get(0)[(channel * image.dimension(1) + row) * image.dimension(2) + column];
        }

        private interface WindowFunction {
            double of(int channel, int top, int left);
        }

        private double[] slide(Window window, WindowFunction function) {
            double[] y = new double[shape.size()];
            int i = 0;
            for (int c = 0; c < shape.dimension(0); c++) {
                for (int row = 0; row < shape.dimension(1); row++) {
                    for (int column = 0; column < shape.dimension(2); column++) {
                        y[i++] = function.of(
                                c,
                                row * window.strideHeight() - window.paddingHeight(),
                                column * window.strideWidth() - window.paddingWidth());
                    }
                }
            }
            return y;
        }

        @Override
        public double[] conv2d(Layer.Conv2d layer) {
            Window window = layer.window();
            int channels = inputShapes.get(0).dimension(0) / layer.groups();
            int filters = layer.filters() / layer.groups();
            return slide(window, (filter, top, left) -> {
                double sum = parameter(1, filter);
                for (int c = 0; c < channels; c++) {
                    for (int i = 0; i < window.height(); i++) {
                        for (int j = 0; j < window.width(); j++) {
                            double x = at(
                                    filter / filters * channels + c,
                                    top + i * window.dilationHeight(),
                                    left + j * window.dilationWidth());
                            int weight = ((filter * channels + c) * window.height() + i) * window.width() + j;
                            sum += Double.isNaN(x) ? 0 : x * parameter(0, weight);
                        }
                    }
                }
                return sum;
            });
        }

        @Override
        public double[] maxPool2d(Layer.MaxPool2d layer) {
            Window window = layer.window();
            return slide(window, (c, top, left) -> {
                double most = Double.NEGATIVE_INFINITY;
                for (int i = 0; i < window.height(); i++) {
                    for (int j = 0; j < window.width(); j++) {
                        double x = at(c, top + i, left + j);
                        most = Double.isNaN(x) ? most : Math.max(most, x);
                    }
                }
                return most;
            });
        }

        @Override
        public double[] avgPool2d(Layer.AvgPool2d layer) {
            Window window = layer.window();
            return slide(window, (c, top, left) -> {
                double sum = 0;
                int cells = 0;
                for (int i = 0; i < window.height(); i++) {
                    for (int j = 0; j < window.width(); j++) {
                        double x = at(c, top + i, left + j);
                        if (!Double.isNaN(x)) {
                            sum += x;
                            cells++;
                        }
                    }
                }
                return sum / cells;
            });
        }

        @Override
        public double[] globalAvgPool(Pooling.GlobalAvgPool layer) {
            return bins();
        }

        @Override
        public double[] adaptiveAvgPool2d(Pooling.AdaptiveAvgPool2d layer) {
            return bins();
        }

        private double[] bins() {
            Shape image = inputShapes.get(0);
            double[] y = new double[shape.size()];
            int i = 0;
            for (int c = 0; c < shape.dimension(0); c++) {
                for (int row = 0; row < shape.dimension(1); row++) {
                    for (int column = 0; column < shape.dimension(2); column++) {
                        double sum = 0;
                        int cells = 0;
                        for (int line = 0; line < image.dimension(1); line++) {
                            for (int x = 0; x < image.dimension(2); x++) {
                                if (isInBin(line, image.dimension(1), row, shape.dimension(1))
                                        && isInBin(x, image.dimension(2), column, shape.dimension(2))) {
                                    sum += at(c, line, x);
                                    cells++;
                                }
                            }
                        }
                        y[i++] = sum / cells;
                    }
                }
            }
            return y;
        }

        private static boolean isInBin(int cell, int cells, int bin, int bins) {
            return cell >= Math.floor((double) bin * cells / bins) && cell < Math.ceil((bin + 1.0) * cells / bins);
        }

        @Override
        public double[] batchNorm(Normalization.BatchNorm layer) {
            int plane = shape.size() / shape.dimension(0);
            double[] y = inputs.get(0).clone();
            for (int i = 0; i < y.length; i++) {
                int c = i / plane;
                y[i] = (y[i] - parameter(2, c)) / Math.sqrt(parameter(3, c) + layer.epsilon());
            }
            return scaledAndShifted(y, plane);
        }

        @Override
        public double[] groupNorm(Normalization.GroupNorm layer) {
            return channelNorm(layer, layer.groups());
        }

        @Override
        public double[] instanceNorm(Normalization.InstanceNorm layer) {
            return channelNorm(layer, shape.dimension(0));
        }

        private double[] channelNorm(Normalization layer, int groups) {
            int length = shape.size() / groups;
            double[] y = NaiveNormalization.standardised(inputs.get(0), i -> i / length, layer.epsilon());
            return scaledAndShifted(y, shape.size() / shape.dimension(0));
        }

        @Override
        public double[] layerNorm(Normalization.LayerNorm layer) {
            int length = slots.get(0).length();
            double[] y = NaiveNormalization.standardised(inputs.get(0), i -> i / length, layer.epsilon());
            return scaledAndShifted(y, 1);
        }

        /** @param run neighbours that share weight and bias; after the last weight comes the first again */
        private double[] scaledAndShifted(double[] x, int run) {
            double[] y = x.clone();
            for (int i = 0; i < y.length; i++) {
                int w = i / run % slots.get(0).length();
                y[i] = y[i] * parameter(0, w) + parameter(1, w);
            }
            return y;
        }

        @Override
        public double[] activation(Layer.Activation layer) {
            double[] y = inputs.get(0).clone();
            for (int i = 0; i < y.length; i++) {
                y[i] = activate(layer.function(), y[i]);
            }
            return y;
        }

        @Override
        public double[] softmax(Layer.Softmax layer) {
            double[] y = inputs.get(0).clone();
            int width = shape.dimension(shape.rank() - 1);
            for (int row = 0; row < y.length; row += width) {
                double sum = 0;
                for (int i = row; i < row + width; i++) {
                    y[i] = Math.exp(y[i]);
                    sum += y[i];
                }
                for (int i = row; i < row + width; i++) {
                    y[i] /= sum;
                }
            }
            return y;
        }

        @Override
        public double[] flatten(Layer.Flatten layer) {
            return inputs.get(0).clone();
        }

        @Override
        public double[] dropout(Layer.Dropout layer) {
            return inputs.get(0).clone();
        }

        @Override
        public double[] add(Layer.Add layer) {
            double[] y = new double[shape.size()];
            for (double[] x : inputs) {
                for (int i = 0; i < y.length; i++) {
                    y[i] += x[i];
                }
            }
            return y;
        }

        @Override
        public double[] multiply(Layer.Multiply layer) {
            double[] y = inputs.get(0).clone();
            for (double[] x : inputs.subList(1, inputs.size())) {
                for (int i = 0; i < y.length; i++) {
                    y[i] *= x[i];
                }
            }
            return y;
        }

        @Override
        public double[] reshape(Rearrangement.Reshape layer) {
            return inputs.get(0).clone();
        }

        @Override
        public double[] transpose(Rearrangement.Transpose layer) {
            return NaiveRearrangement.transpose(layer, inputs.get(0), inputShapes.get(0), shape);
        }

        @Override
        public double[] slice(Rearrangement.Slice layer) {
            return NaiveRearrangement.slice(layer, inputs.get(0), inputShapes.get(0), shape);
        }

        @Override
        public double[] pad(Rearrangement.Pad layer) {
            return NaiveRearrangement.pad(layer, inputs.get(0), inputShapes.get(0), shape);
        }

        @Override
        public double[] embedding(Sequence.Embedding layer) {
            return NaiveSequence.embedding(layer, inputs.get(0), this::parameter);
        }

        @Override
        public double[] positionalEmbedding(Sequence.PositionalEmbedding layer) {
            return NaiveSequence.positionalEmbedding(inputs.get(0), this::parameter);
        }

        @Override
        public double[] lstm(Sequence.Lstm layer) {
            return NaiveSequence.lstm(layer, inputs.get(0), inputShapes.get(0).dimension(0), this::parameter);
        }

        @Override
        public double[] gru(Sequence.Gru layer) {
            return NaiveSequence.gru(layer, inputs.get(0), inputShapes.get(0).dimension(0), this::parameter);
        }

        @Override
        public double[] selfAttention(Sequence.SelfAttention layer) {
            return NaiveSequence.selfAttention(layer, inputs.get(0), shape.dimension(0), this::parameter);
        }

        @Override
        public double[] concat(Layer.Concat layer) {
            double[] y = new double[shape.size()];
            int at = 0;
            for (double[] x : inputs) {
                System.arraycopy(x, 0, y, at, x.length);
                at += x.length;
            }
            return y;
        }
    }
}
