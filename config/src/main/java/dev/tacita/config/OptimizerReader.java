package dev.tacita.config;

import static dev.tacita.config.Kinds.bool;
import static dev.tacita.config.Kinds.number;

import dev.tacita.core.learning.OptimizerSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Reads and writes how gradients become steps. */
final class OptimizerReader {
    static final Map<String, Function<Section, Value<OptimizerSpec>>> OPTIMIZERS = new LinkedHashMap<>();

    private static final Kind<Double> POSITIVE = number("> 0", value -> value > 0);
    private static final Kind<Double> NOT_NEGATIVE = number(">= 0", value -> value >= 0);
    private static final Kind<Double> BELOW_ONE = number(">= 0 and < 1", value -> value >= 0 && value < 1);

    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final double EPSILON = 1e-8;
    private static final double EPSILON_OF_YOGI = 1e-3;
    private static final double DECAY_OF_ADAM_W = 0.01;
    private static final double DECAY_OF_RMS_PROP = 0.9;

    static {
        OPTIMIZERS.put("sgd", OptimizerReader::sgd);
        OPTIMIZERS.put("adam", OptimizerReader::adam);
        OPTIMIZERS.put("adamw", OptimizerReader::adamW);
        OPTIMIZERS.put("yogi", OptimizerReader::yogi);
        OPTIMIZERS.put("rmsprop", OptimizerReader::rmsProp);
        OPTIMIZERS.put("adagrad", OptimizerReader::adagrad);
    }

    private OptimizerReader() {}

    private static Value<OptimizerSpec> sgd(Section section) {
        Value<Double> learningRate = section.required("learning-rate", POSITIVE);
        Value<Double> momentum = section.optional("momentum", BELOW_ONE, 0.0);
        Value<Boolean> nesterov = section.optional("nesterov", bool(), false);
        Value<Double> weightDecay = section.optional("weight-decay", NOT_NEGATIVE, 0.0);
        return section.create(
                () -> new OptimizerSpec.Sgd(learningRate.get(), momentum.get(), nesterov.get(), weightDecay.get()));
    }

    private static Value<OptimizerSpec> adam(Section section) {
        Value<Double> learningRate = section.required("learning-rate", POSITIVE);
        Value<Double> beta1 = section.optional("beta1", BELOW_ONE, BETA_1);
        Value<Double> beta2 = section.optional("beta2", BELOW_ONE, BETA_2);
        Value<Double> epsilon = section.optional("epsilon", POSITIVE, EPSILON);
        Value<Double> weightDecay = section.optional("weight-decay", NOT_NEGATIVE, 0.0);
        return section.create(() ->
                new OptimizerSpec.Adam(learningRate.get(), beta1.get(), beta2.get(), epsilon.get(), weightDecay.get()));
    }

    private static Value<OptimizerSpec> adamW(Section section) {
        Value<Double> learningRate = section.required("learning-rate", POSITIVE);
        Value<Double> beta1 = section.optional("beta1", BELOW_ONE, BETA_1);
        Value<Double> beta2 = section.optional("beta2", BELOW_ONE, BETA_2);
        Value<Double> epsilon = section.optional("epsilon", POSITIVE, EPSILON);
        Value<Double> weightDecay = section.optional("weight-decay", NOT_NEGATIVE, DECAY_OF_ADAM_W);
        return section.create(() -> new OptimizerSpec.AdamW(
                learningRate.get(), beta1.get(), beta2.get(), epsilon.get(), weightDecay.get()));
    }

    private static Value<OptimizerSpec> yogi(Section section) {
        Value<Double> learningRate = section.required("learning-rate", POSITIVE);
        Value<Double> beta1 = section.optional("beta1", BELOW_ONE, BETA_1);
        Value<Double> beta2 = section.optional("beta2", BELOW_ONE, BETA_2);
        Value<Double> epsilon = section.optional("epsilon", POSITIVE, EPSILON_OF_YOGI);
        return section.create(
                () -> new OptimizerSpec.Yogi(learningRate.get(), beta1.get(), beta2.get(), epsilon.get()));
    }

    private static Value<OptimizerSpec> rmsProp(Section section) {
        Value<Double> learningRate = section.required("learning-rate", POSITIVE);
        Value<Double> decay = section.optional("decay", BELOW_ONE, DECAY_OF_RMS_PROP);
        Value<Double> epsilon = section.optional("epsilon", POSITIVE, EPSILON);
        return section.create(() -> new OptimizerSpec.RmsProp(learningRate.get(), decay.get(), epsilon.get()));
    }

    private static Value<OptimizerSpec> adagrad(Section section) {
        Value<Double> learningRate = section.required("learning-rate", POSITIVE);
        Value<Double> epsilon = section.optional("epsilon", POSITIVE, EPSILON);
        return section.create(() -> new OptimizerSpec.Adagrad(learningRate.get(), epsilon.get()));
    }

    /** What {@link #OPTIMIZERS} read as this optimizer. */
    static String written(OptimizerSpec optimizer) {
        String rate = "{learning-rate: " + YamlText.number(optimizer.learningRate());
        if (optimizer instanceof OptimizerSpec.Sgd sgd) {
            return "sgd: " + rate + ", momentum: " + YamlText.number(sgd.momentum()) + ", nesterov: " + sgd.nesterov()
                    + ", weight-decay: " + YamlText.number(sgd.weightDecay()) + "}";
        } else if (optimizer instanceof OptimizerSpec.Adam adam) {
            return "adam: " + rate + moments(adam.beta1(), adam.beta2(), adam.epsilon()) + ", weight-decay: "
                    + YamlText.number(adam.weightDecay()) + "}";
        } else if (optimizer instanceof OptimizerSpec.AdamW adam) {
            return "adamw: " + rate + moments(adam.beta1(), adam.beta2(), adam.epsilon()) + ", weight-decay: "
                    + YamlText.number(adam.weightDecay()) + "}";
        } else if (optimizer instanceof OptimizerSpec.Yogi yogi) {
            return "yogi: " + rate + moments(yogi.beta1(), yogi.beta2(), yogi.epsilon()) + "}";
        } else if (optimizer instanceof OptimizerSpec.RmsProp rmsProp) {
            return "rmsprop: " + rate + ", decay: " + YamlText.number(rmsProp.decay()) + ", epsilon: "
                    + YamlText.number(rmsProp.epsilon()) + "}";
        }
        OptimizerSpec.Adagrad adagrad = (OptimizerSpec.Adagrad) optimizer;
        return "adagrad: " + rate + ", epsilon: " + YamlText.number(adagrad.epsilon()) + "}";
    }

    private static String moments(double beta1, double beta2, double epsilon) {
        return ", beta1: " + YamlText.number(beta1) + ", beta2: " + YamlText.number(beta2) + ", epsilon: "
                + YamlText.number(epsilon);
    }
}
