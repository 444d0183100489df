package dev.tacita.engine;

import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.Shape;
import java.util.Optional;

/** A {@link Loss} made ready to run on outputs of one shape. */
interface LossFunction {
    /** The number of target values of one example. */
    int targetSize();

    /** Why these outputs cannot be trained with this loss; empty if they can. */
    Optional<String> outputProblem();

    /** Why the target that starts at {@code offset} cannot be learnt; empty if it can. */
    Optional<String> targetProblem(float[] targets, int offset);

    /** Adds each example's loss to the score. */
    void score(float[] outputs, float[] targets, int batch, Score score);

    /** As {@link #score}; also writes the gradient of the sum of the losses, times {@code factor}, into the signal. */
    void scoreAndSignal(float[] outputs, float[] targets, int batch, Score score, float factor, float[] signal);

    static LossFunction of(Loss loss, Shape output) {
        if (loss instanceof Loss.SoftmaxCrossEntropy crossEntropy) {
            return new SoftmaxCrossEntropyFunction(crossEntropy, output);
        } else if (loss instanceof Loss.Focal focal) {
            return new FocalFunction(focal.gamma(), output);
        } else if (loss instanceof Loss.BinaryCrossEntropyWithLogits binary) {
            return new BinaryCrossEntropyFunction(output.size(), (float) binary.positiveWeight());
        } else if (loss instanceof Loss.Hinge) {
            return new HingeFunction(output.size());
        } else if (loss instanceof Loss.MeanSquaredError) {
            return new MeanSquaredErrorFunction(output.size());
        } else if (loss instanceof Loss.Huber huber) {
            return new HuberFunction(output.size(), huber.delta());
        } else if (loss instanceof Loss.CoxPartialLikelihood) {
            return new CoxFunction(output.size());
        }
        throw new IllegalArgumentException("the engine knows no loss " + loss);
    }
}
