package dev.tacita.onnx;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.onnx.Value.Numbers;
import dev.tacita.onnx.Value.Signal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that normalise. */
final class NormalizationOperators {
    private static final double EPSILON = 1e-5;
    private static final int FIRST_OPSET_WITH_SCALES_OF_CHANNELS = 21;

    private NormalizationOperators() {}

    static void addTo(Map<String, OperatorReader> readers) {
        readers.put("BatchNormalization", NormalizationOperators::batch);
        readers.put("InstanceNormalization", NormalizationOperators::instance);
        readers.put("LayerNormalization", NormalizationOperators::layer);
        readers.put("GroupNormalization", NormalizationOperators::group);
    }

    private static Value batch(NodeCall call) {
        call.requireInteger("training_mode", 0);
        double momentum = Math.round((1 - call.number("momentum", 0.9)) * 1e6) / 1e6;
        Layer layer = new Normalization.BatchNorm(
                momentum > 0 && momentum <= 1 ? momentum : 0.1, call.number("epsilon", EPSILON));
        return call.add(
                layer,
                List.of(call.signal(0)),
                List.of(call.numbers(1), call.numbers(2), call.numbers(3), call.numbers(4)));
    }

    private static Value instance(NodeCall call) {
        Layer layer = new Normalization.InstanceNorm(call.number("epsilon", EPSILON));
        return call.add(layer, List.of(call.signal(0)), List.of(call.numbers(1), call.numbers(2)));
    }

    private static Value layer(NodeCall call) {
        Signal signal = call.signal(0);
        call.ignore("stash_type");
        int first = call.dimension(call.integer("axis", -1), signal.shape());
        Numbers weight = call.numbers(1);
        Numbers bias = call.optionalNumbers(2).orElseGet(() -> zeros(weight, call));
        Layer layer = new Normalization.LayerNorm(signal.shape().rank() - first, call.number("epsilon", EPSILON));
        return call.add(layer, List.of(signal), List.of(weight, bias));
    }

    private static Value group(NodeCall call) {
        Signal signal = call.signal(0);
        int channels = signal.shape().dimension(0);
        long groups = call.integer("num_groups", 0);
        call.ignore("stash_type");
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException("attribute 'num_groups' must be >= 1 and divide the " + channels
                    + " channels. Provided value: " + groups);
        }
        boolean ofGroups = call.context().opset() < FIRST_OPSET_WITH_SCALES_OF_CHANNELS;
        List<Numbers> tensors = List.of(call.numbers(1), call.numbers(2)).stream()
                .map(tensor -> ofGroups ? repeated(tensor, (int) groups, channels, call) : tensor)
                .toList();
        Layer layer = new Normalization.GroupNorm((int) groups, call.number("epsilon", EPSILON));
        return call.add(layer, List.of(signal), tensors);
    }

    private static Numbers repeated(Numbers tensor, int groups, int channels, NodeCall call) {
        if (tensor.values().length != groups) {
            throw new IllegalArgumentException(
                    "tensor '" + Printable.of(tensor.name()) + "' must have a number for each" + " of the " + groups
                            + " groups. Provided value: " + tensor.values().length);
        }
        call.context().budget().spend(channels);
        float[] values = new float[channels];
        for (int i = 0; i < channels; i++) {
            values[i] = tensor.values()[i / (channels / groups)];
        }
        return new Numbers(tensor.name(), new int[] {channels}, values);
    }

    private static Numbers zeros(Numbers like, NodeCall call) {
        call.context().budget().spend(like.values().length);
        return new Numbers("", like.dimensions(), new float[like.values().length]);
    }

    /**
     * The group normalisation that PyTorch's exporters write: groups become channels, an instance normalisation without
     * weights, the channels come back, and here each is multiplied by its weight. The bias follows.
     */
    static Optional<Value> scaledGroups(NodeCall call, Signal signal, Numbers weight) {
        Draft draft = call.context().draft();
        if (!call.isOnlyReader(signal)) {
            return Optional.empty();
        }
        Optional<Node> together = draft.entry(signal.id()).map(Draft.Entry::node);
        Optional<Draft.Entry> normal = together.filter(
                        node -> node.layer() instanceof Rearrangement.Reshape || node.layer() instanceof Layer.Flatten)
                .flatMap(node -> draft.entry(node.inputs().get(0)));
        Optional<Node> apart = normal.filter(entry -> isPlain(entry, call))
                .map(entry -> entry.node().inputs().get(0))
                .filter(id -> call.context().aliases(id) == 1 && draft.readers(id) == 1)
                .flatMap(draft::entry)
                .map(Draft.Entry::node)
                .filter(node -> node.layer() instanceof Rearrangement.Reshape);
        if (together.isEmpty() || normal.isEmpty() || apart.isEmpty()) {
            return Optional.empty();
        }
        Signal from = draft.signal(apart.get().inputs().get(0));
        if (!from.shape().equals(signal.shape())) {
            return Optional.empty();
        }
        int groups = draft.signal(apart.get().id()).shape().dimension(0);
        int channels = from.shape().dimension(0);
        double epsilon = ((Normalization.InstanceNorm) normal.get().node().layer()).epsilon();
        Numbers scales = Tensors.vector(weight, channels, call);
        call.takeBack(together.get().id());
        call.takeBack(normal.get().node().id());
        call.takeBack(apart.get().id());
        return Optional.of(call.add(
                new Normalization.GroupNorm(groups, epsilon), List.of(from), List.of(scales, zeros(scales, call))));
    }

    private static boolean isPlain(Draft.Entry entry, NodeCall call) {
        if (!(entry.node().layer() instanceof Normalization.InstanceNorm)
                || call.context().aliases(entry.node().id()) != 1
                || call.context().draft().readers(entry.node().id()) != 1) {
            return false;
        }
        for (float weight : entry.tensors().get(0).values()) {
            if (weight != 1) {
                return false;
            }
        }
        for (float bias : entry.tensors().get(1).values()) {
            if (bias != 0) {
                return false;
            }
        }
        return true;
    }
}
