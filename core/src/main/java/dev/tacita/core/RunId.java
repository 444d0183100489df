package dev.tacita.core;

/**
 * The name of a run (one training job).
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens
 */
public record RunId(String value) implements Comparable<RunId> {
    public RunId {
        Identifiers.check("run id", value);
    }

    @Override
    public int compareTo(RunId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
