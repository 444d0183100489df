package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.number.SeedStream;

/**
 * One site's part of one round.
 *
 * @param model what is trained
 * @param loss what training minimises
 * @param work what the round asks
 * @param parameters of the model received; not to be changed
 * @param seeds of this (run, round, site); every draw comes from a stream below it
 * @param drift added to the gradient at each step of training, one for each parameter; empty to add nothing; not to be
 *     changed
 */
public record LocalTask(
        ModelSpec model, Loss loss, LocalWork work, float[] parameters, SeedStream seeds, float[] drift) {
    private static final float[] NONE = {};

    public LocalTask {
        requireNonNull(model, "model is null");
        requireNonNull(loss, "loss is null");
        requireNonNull(work, "work is null");
        requireNonNull(parameters, "parameters is null");
        requireNonNull(seeds, "seeds is null");
        requireNonNull(drift, "drift is null");
        if (drift.length != 0 && drift.length != parameters.length) {
            throw new IllegalArgumentException("drift must be empty or as long as the parameters. Provided values: "
                    + drift.length + ", " + parameters.length);
        }
    }

    /** Without drift. */
    public LocalTask(ModelSpec model, Loss loss, LocalWork work, float[] parameters, SeedStream seeds) {
        this(model, loss, work, parameters, seeds, NONE);
    }

    /** The same with this drift. */
    public LocalTask withDrift(float[] newDrift) {
        return new LocalTask(model, loss, work, parameters, seeds, newDrift);
    }

    /** The same work from these parameters. */
    LocalTask withParameters(float[] newParameters) {
        return new LocalTask(model, loss, work, newParameters, seeds, drift);
    }

    /** The same with this work. */
    LocalTask withWork(LocalWork newWork) {
        return new LocalTask(model, loss, newWork, parameters, seeds, drift);
    }

    /** Whether training follows more than the gradient of the loss: a drift, or a pull to the parameters received. */
    public boolean correctsGradients() {
        return drift.length != 0 || (work instanceof LocalWork.Train train && train.proximal() != 0);
    }
}
