package dev.tacita.client;

import java.time.Duration;

/**
 * How long an agent waits.
 *
 * @param poll for new entries, each time; the agent notices what is due at least this often
 * @param firstRetry after the first failure; doubled with each one that follows
 * @param longestRetry after many failures
 * @param quiet for the next entry of a log whose end has not been reached, before it is taken for the end
 * @param shutdown at most for a good end
 */
public record AgentTiming(
        Duration poll, Duration firstRetry, Duration longestRetry, Duration quiet, Duration shutdown) {
    /** Polls each half second, retries after 1 s to 1 min, 10 s of quiet, 5 s to shut down. */
    public static final AgentTiming STANDARD = new AgentTiming(
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5));

    public AgentTiming {
        check("poll", poll);
        check("firstRetry", firstRetry);
        check("longestRetry", longestRetry);
        check("quiet", quiet);
        check("shutdown", shutdown);
    }

    private static void check(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be > 0. Provided value: " + duration);
        }
    }
}
