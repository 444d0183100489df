package dev.tacita.dl4j;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.ActivationFunction.Elu;
import dev.tacita.core.model.ActivationFunction.Hardtanh;
import dev.tacita.core.model.ActivationFunction.LeakyRelu;
import dev.tacita.core.model.ActivationFunction.Relu;
import dev.tacita.core.model.ActivationFunction.Relu6;
import dev.tacita.core.model.ActivationFunction.Sigmoid;
import dev.tacita.core.model.ActivationFunction.Silu;
import dev.tacita.core.model.ActivationFunction.Softplus;
import dev.tacita.core.model.ActivationFunction.Tanh;
import dev.tacita.core.model.Layer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Element-wise functions of either side. DL4J's GELU, precise or not, is neither of ours. */
final class Activations {
    private static final Map<ActivationFunction, Supplier<IActivation>> PLAIN = Map.of(
            new Relu(),
            ActivationReLU::new,
            new Relu6(),
            ActivationReLU6::new,
            new Tanh(),
            ActivationTanH::new,
            new Sigmoid(),
            ActivationSigmoid::new,
            new Softplus(),
            ActivationSoftPlus::new,
            new Silu(),
            ActivationSwish::new,
            Hardtanh.standard(),
            ActivationHardTanH::new);

    private static final Map<Class<?>, ActivationFunction> NAMED = Map.of(
            ActivationTanH.class, new Tanh(),
            ActivationSigmoid.class, new Sigmoid(),
            ActivationSoftPlus.class, new Softplus(),
            ActivationSwish.class, new Silu(),
            ActivationHardTanH.class, Hardtanh.standard(),
            ActivationReLU6.class, new Relu6());

    private Activations() {}

    /** The layers, none for the identity; empty if there is no such layer. */
    static Optional<List<Layer>> read(IActivation theirs) {
        if (theirs instanceof ActivationIdentity) {
            return Optional.of(List.of());
        }
        if (theirs instanceof ActivationSoftmax) {
            return Optional.of(List.of(new Layer.Softmax()));
        }
        return function(theirs).map(function -> List.of(new Layer.Activation(function)));
    }

    private static Optional<ActivationFunction> function(IActivation theirs) {
        if (theirs instanceof ActivationReLU relu) {
            return relu(relu);
        }
        if (theirs instanceof ActivationLReLU leaky && leaky.getAlpha() >= 0 && leaky.getAlpha() < 1) {
            return Optional.of(new LeakyRelu(leaky.getAlpha()));
        }
        if (theirs instanceof ActivationELU elu && elu.getAlpha() == 1) {
            return Optional.of(new Elu(1));
        }
        return Optional.ofNullable(NAMED.get(theirs.getClass()));
    }

    private static Optional<ActivationFunction> relu(ActivationReLU theirs) {
        double threshold = Optional.ofNullable(theirs.getThreshold()).orElse(0.0);
        double slope = Optional.ofNullable(theirs.getNegativeSlope()).orElse(0.0);
        if (threshold != 0 || Optional.ofNullable(theirs.getMax()).isPresent()) {
            return Optional.empty();
        }
        if (slope == 0) {
            return Optional.of(new Relu());
        }
        return slope > 0 && slope < 1 ? Optional.of(new LeakyRelu(slope)) : Optional.empty();
    }

    /** DL4J's function; empty if it has none that is the same. */
    static Optional<IActivation> write(ActivationFunction ours) {
        if (ours instanceof LeakyRelu leaky) {
            return Optional.of(new ActivationLReLU(leaky.slope()));
        }
        if (ours instanceof Elu elu) {
            return elu.alpha() == 1 ? Optional.of(new ActivationELU(1)) : Optional.empty();
        }
        return Optional.ofNullable(PLAIN.get(ours)).map(Supplier::get);
    }
}
