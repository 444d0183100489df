package dev.tacita.config;

import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.number;

import dev.tacita.core.learning.Loss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads and writes what training minimises. */
final class LossReader {
    static final Map<String, Function<Section, Value<Loss>>> LOSSES = new LinkedHashMap<>();

    private static final Kind<Double> POSITIVE = number("> 0", value -> value > 0);
    private static final Kind<Double> NOT_NEGATIVE = number(">= 0", value -> value >= 0);
    private static final Kind<Double> BELOW_ONE = number(">= 0 and < 1", value -> value >= 0 && value < 1);

    static {
        LOSSES.put("softmax-cross-entropy", LossReader::softmaxCrossEntropy);
        LOSSES.put("focal", LossReader::focal);
        LOSSES.put("binary-cross-entropy-with-logits", LossReader::binaryCrossEntropy);
        LOSSES.put("hinge", section -> section.create(Loss.Hinge::new));
        LOSSES.put("mean-squared-error", section -> section.create(Loss.MeanSquaredError::new));
        LOSSES.put("huber", LossReader::huber);
        LOSSES.put("cox-partial-likelihood", section -> section.create(Loss.CoxPartialLikelihood::new));
    }

    private LossReader() {}

    private static Value<Loss> softmaxCrossEntropy(Section section) {
        Value<List<Double>> weights = section.optional("class-weights", list(NOT_NEGATIVE), List.of());
        Value<Double> smoothing = section.optional("label-smoothing", BELOW_ONE, 0.0);
        return section.create(() -> new Loss.SoftmaxCrossEntropy(weights.get(), smoothing.get()));
    }

    private static Value<Loss> focal(Section section) {
        Value<Double> gamma = section.required("gamma", NOT_NEGATIVE);
        return section.create(() -> new Loss.Focal(gamma.get()));
    }

    private static Value<Loss> binaryCrossEntropy(Section section) {
        Value<Double> weight = section.optional("positive-weight", POSITIVE, 1.0);
        return section.create(() -> new Loss.BinaryCrossEntropyWithLogits(weight.get()));
    }

    private static Value<Loss> huber(Section section) {
        Value<Double> delta = section.required("delta", POSITIVE);
        return section.create(() -> new Loss.Huber(delta.get()));
    }

    /** What {@link #LOSSES} read as this loss. */
    static String written(Loss loss) {
        if (loss instanceof Loss.SoftmaxCrossEntropy crossEntropy
                && !crossEntropy.equals(new Loss.SoftmaxCrossEntropy())) {
            List<String> weights =
                    crossEntropy.classWeights().stream().map(YamlText::number).toList();
            return loss.name() + ": {class-weights: " + weights + ", label-smoothing: "
                    + YamlText.number(crossEntropy.labelSmoothing()) + "}";
        } else if (loss instanceof Loss.Focal focal) {
            return loss.name() + ": {gamma: " + YamlText.number(focal.gamma()) + "}";
        } else if (loss instanceof Loss.BinaryCrossEntropyWithLogits binary
                && !binary.equals(new Loss.BinaryCrossEntropyWithLogits())) {
            return loss.name() + ": {positive-weight: " + YamlText.number(binary.positiveWeight()) + "}";
        } else if (loss instanceof Loss.Huber huber) {
            return loss.name() + ": {delta: " + YamlText.number(huber.delta()) + "}";
        }
        return loss.name();
    }
}
