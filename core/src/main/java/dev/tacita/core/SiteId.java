package dev.tacita.core;

/**
 * The name of a site (a hospital) within its federation.
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens
 */
public record SiteId(String value) implements Comparable<SiteId> {
    public SiteId {
        Identifiers.check("site id", value);
    }

    @Override
    public int compareTo(SiteId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
