package dev.tacita.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Pauses that double up to a longest, each shortened at random by up to a half so that sites do not return at once. */
final class Backoff {
    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** The next pause. */
    Duration next() {
        double grown = (double) first.toMillis() * Math.pow(2, Math.min(failures, 30));
        failures++;
        double pause = Math.min(grown, (double) longest.toMillis());
        return Duration.ofMillis(Math.max(1, Math.round(pause * (0.5 + 0.5 * random.nextDouble()))));
    }

    /** The next pause is the first again. */
    void reset() {
        failures = 0;
    }
}
