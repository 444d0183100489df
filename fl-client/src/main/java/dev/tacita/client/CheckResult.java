package dev.tacita.client;

import static java.util.Objects.requireNonNull;

/**
 * What one check found.
 *
 * @param level whether it is good
 * @param name what was checked, such as {@code data}
 * @param finding what was found, one sentence
 * @param remedy what to do about it, one sentence; empty if there is nothing to do
 */
public record CheckResult(Level level, String name, String finding, String remedy) {
    /** Whether an agent can start. */
    public enum Level {
        /** It is good. */
        PASS,
        /** The agent can start; somebody should look. */
        WARN,
        /** The agent cannot start, or would refuse or fail every run. */
        FAIL
    }

    public CheckResult {
        requireNonNull(level, "level is null");
        requireNonNull(name, "name is null");
        requireNonNull(finding, "finding is null");
        requireNonNull(remedy, "remedy is null");
    }

    static CheckResult pass(String name, String finding) {
        return new CheckResult(Level.PASS, name, finding, "");
    }

    static CheckResult warn(String name, String finding, String remedy) {
        return new CheckResult(Level.WARN, name, finding, remedy);
    }

    static CheckResult fail(String name, String finding, String remedy) {
        return new CheckResult(Level.FAIL, name, finding, remedy);
    }
}
