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
 */
public record LocalTask(ModelSpec model, Loss loss, LocalWork work, float[] parameters, SeedStream seeds) {
    public LocalTask {
        requireNonNull(model, "model is null");
        requireNonNull(loss, "loss is null");
        requireNonNull(work, "work is null");
        requireNonNull(parameters, "parameters is null");
        requireNonNull(seeds, "seeds is null");
    }
}
