package dev.tacita.simulations;

import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.engine.EnginePerExampleGradients;
import dev.tacita.engine.EngineTrainer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Who does one {@link Piece} after the other: a trainer whose buffers are overwritten for site after site, and the sum of the
 * contributions, of words modulo 2^64. For one thread.
 */
public final class Worker {
    private static final long[] NOTHING = {};

    private final EngineTrainer trainer = new EngineTrainer();
    private Optional<PerExampleGradients> gradients = Optional.empty();
    private long[] sum = NOTHING;
    private boolean hasAdded;

    /** Begins a new sum. Whatever was added before, also by pieces that failed half way, is gone. */
    public void begin() {
        hasAdded = false;
    }

    /** The contributions since {@link #begin}; empty if there were none. Until the next {@link #begin}. */
    public long[] sum() {
        return hasAdded ? sum : NOTHING;
    }

    /** The sum of so many words, to be added to. */
    long[] sum(int size) {
        if (!hasAdded) {
            if (sum.length == size) {
                Arrays.fill(sum, 0);
            } else {
                sum = new long[size];
            }
            hasAdded = true;
        }
        return sum;
    }

    EngineTrainer trainer() {
        return trainer;
    }

    /** Gradients of single examples; what they need is made when they are first asked for. */
    PerExampleGradients gradients() {
        PerExampleGradients made = gradients.orElseGet(EnginePerExampleGradients::new);
        gradients = Optional.of(made);
        return made;
    }
}
