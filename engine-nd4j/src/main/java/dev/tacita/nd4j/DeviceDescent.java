package dev.tacita.nd4j;

import dev.tacita.core.learning.OptimizerSpec;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Steps of an optimizer over flat vectors of the device; its state lies there too. */
final class DeviceDescent {
    private final OptimizerSpec spec;
    private final long size;
    private final INDArray scratch;
    private INDArray mean = Nd4j.empty(DataType.FLOAT);
    private INDArray square = Nd4j.empty(DataType.FLOAT);
    private int steps;

    DeviceDescent(OptimizerSpec spec, long size) {
        this.spec = spec;
        this.size = size;
        scratch = zeros();
        if (!(spec instanceof OptimizerSpec.Sgd sgd) || sgd.momentum() > 0) {
            mean = zeros();
        }
        if (!(spec instanceof OptimizerSpec.Sgd)) {
            square = zeros();
        }
    }

    private INDArray zeros() {
        return Nd4j.zeros(DataType.FLOAT, size);
    }

    /** Changes the parameters by one step at {@code factor} times the learning rate; overwrites the gradient. */
    void step(INDArray parameters, INDArray gradient, double factor) {
        steps++;
        double rate = factor * spec.learningRate();
        if (spec instanceof OptimizerSpec.Sgd sgd) {
            descend(sgd, parameters, gradient, rate);
        } else if (spec instanceof OptimizerSpec.Adam adam) {
            decay(parameters, gradient, adam.weightDecay());
            follow(gradient, adam.beta1());
            followSquare(gradient, adam.beta2());
            adapt(parameters, rate, adam.beta1(), adam.beta2(), adam.epsilon());
        } else if (spec instanceof OptimizerSpec.AdamW adam) {
            follow(gradient, adam.beta1());
            followSquare(gradient, adam.beta2());
            parameters.muli(1 - rate * adam.weightDecay());
            adapt(parameters, rate, adam.beta1(), adam.beta2(), adam.epsilon());
        } else if (spec instanceof OptimizerSpec.Yogi yogi) {
            follow(gradient, yogi.beta1());
            followSign(gradient, yogi.beta2());
            adapt(parameters, rate, yogi.beta1(), yogi.beta2(), yogi.epsilon());
        } else if (spec instanceof OptimizerSpec.RmsProp rmsProp) {
            followSquare(gradient, rmsProp.decay());
            divide(parameters, gradient, rate, rmsProp.epsilon());
        } else if (spec instanceof OptimizerSpec.Adagrad adagrad) {
            scratch.assign(gradient).muli(gradient);
            square.addi(scratch);
            divide(parameters, gradient, rate, adagrad.epsilon());
        } else {
            throw new IllegalArgumentException("there is no optimizer " + spec + " on a device");
        }
    }

    private void descend(OptimizerSpec.Sgd sgd, INDArray parameters, INDArray gradient, double rate) {
        decay(parameters, gradient, sgd.weightDecay());
        if (sgd.momentum() == 0) {
            parameters.subi(gradient.muli(rate));
            return;
        }
        mean.muli(sgd.momentum()).addi(gradient);
        scratch.assign(mean);
        if (sgd.nesterov()) {
            scratch.muli(sgd.momentum()).addi(gradient);
        }
        parameters.subi(scratch.muli(rate));
    }

    private void decay(INDArray parameters, INDArray gradient, double decay) {
        if (decay > 0) {
            gradient.addi(scratch.assign(parameters).muli(decay));
        }
    }

    private void follow(INDArray gradient, double beta) {
        mean.muli(beta).addi(scratch.assign(gradient).muli(1 - beta));
    }

    private void followSquare(INDArray gradient, double beta) {
        square.muli(beta).addi(scratch.assign(gradient).muli(gradient).muli(1 - beta));
    }

    /** Yogi's: the square moves by a share of the gradient's, towards it. */
    private void followSign(INDArray gradient, double beta) {
        gradient.muli(gradient);
        Transforms.sign(scratch.assign(square).subi(gradient), false);
        square.subi(scratch.muli(gradient).muli(1 - beta));
    }

    private void adapt(INDArray parameters, double rate, double beta1, double beta2, double epsilon) {
        Transforms.sqrt(scratch.assign(square).muli(1 / (1 - Math.pow(beta2, steps))), false)
                .addi(epsilon);
        parameters.subi(scratch.rdivi(mean).muli(rate / (1 - Math.pow(beta1, steps))));
    }

    private void divide(INDArray parameters, INDArray gradient, double rate, double epsilon) {
        Transforms.sqrt(scratch.assign(square), false).addi(epsilon);
        parameters.subi(gradient.divi(scratch).muli(rate));
    }
}
