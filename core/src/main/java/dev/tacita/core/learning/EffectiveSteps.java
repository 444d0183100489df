package dev.tacita.core.learning;

/**
 * How many plain steps at the full learning rate the steps of a training are worth: the L1 norm of the vector a for which
 * the update is -learning rate * (a_1 g_1 + ... + a_K g_K) (Wang et al. 2020, FedNova, section 4). K itself for plain
 * gradient descent at one rate; more with momentum, less with a pull to the parameters received.
 */
final class EffectiveSteps {
    private EffectiveSteps() {}

    /** Refuses a training whose update is no such sum: another optimizer than sgd, or one with weight decay. */
    static void check(LocalWork.Train training) {
        if (!(training.optimizer() instanceof OptimizerSpec.Sgd sgd) || sgd.weightDecay() != 0) {
            throw new IllegalArgumentException(
                    "optimizer must be sgd without weight decay. Provided value: " + training.optimizer());
        }
    }

    /** Of a training that {@link #check} accepts, on this many examples: where gradients of -1 at learning rate 1 lead. */
    static double of(LocalWork.Train training, int examples) {
        OptimizerSpec.Sgd sgd = (OptimizerSpec.Sgd) training.optimizer();
        double moved = 0;
        double velocity = 0;
        long steps = training.steps(examples);
        for (long step = 0; step < steps; step++) {
            double slope = 1 - training.proximal() * sgd.learningRate() * moved;
            velocity = sgd.momentum() * velocity + slope;
            double direction = sgd.nesterov() ? slope + sgd.momentum() * velocity : velocity;
            moved += training.schedule().factor(step) * direction;
        }
        return moved;
    }
}
