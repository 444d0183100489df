package dev.tacita.dl4j;

import dev.tacita.core.learning.Loss;
import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Losses of either side; of two of them DL4J's activation is a part of ours. */
final class Losses {
    private Losses() {}

    /**
     * A loss read.
     *
     * @param loss ours
     * @param takesActivation whether the activation of DL4J's output layer is a part of it
     */
    record Read(Loss loss, boolean takesActivation) {}

    /** A loss to write, with the activation that goes with it. */
    record Written(ILossFunction loss, IActivation activation) {}

    /** Empty if there is no such loss. */
    static Optional<Read> read(ILossFunction theirs, IActivation activation) {
        if (theirs instanceof LossMCXENT loss) {
            return activation instanceof ActivationSoftmax && isEven(loss.getWeights())
                    ? Optional.of(new Read(new Loss.SoftmaxCrossEntropy(), true))
                    : Optional.empty();
        }
        if (theirs instanceof LossBinaryXENT loss) {
            return activation instanceof ActivationSigmoid && isEven(loss.getWeights())
                    ? Optional.of(new Read(new Loss.BinaryCrossEntropyWithLogits(), true))
                    : Optional.empty();
        }
        return theirs instanceof LossMSE loss && isEven(loss.getWeights())
                ? Optional.of(new Read(new Loss.MeanSquaredError(), false))
                : Optional.empty();
    }

    private static boolean isEven(INDArray weights) {
        return Optional.ofNullable(weights).isEmpty();
    }

    /** Empty if DL4J has no loss that is the same. */
    static Optional<Written> write(Loss ours) {
        if (ours.equals(new Loss.SoftmaxCrossEntropy())) {
            return Optional.of(new Written(new LossMCXENT(), new ActivationSoftmax()));
        }
        if (ours.equals(new Loss.BinaryCrossEntropyWithLogits())) {
            return Optional.of(new Written(new LossBinaryXENT(), new ActivationSigmoid()));
        }
        return ours instanceof Loss.MeanSquaredError
                ? Optional.of(new Written(new LossMSE(), new ActivationIdentity()))
                : Optional.empty();
    }
}
