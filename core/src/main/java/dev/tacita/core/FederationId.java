package dev.tacita.core;

/**
 * The name of a federation: the sites that trust one aggregator.
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens
 */
public record FederationId(String value) implements Comparable<FederationId> {
    public FederationId {
        Identifiers.check("federation id", value);
    }

    @Override
    public int compareTo(FederationId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
