package dev.tacita.dl4j;

/**
 * What a reader takes from a zip that may be hostile. Beside the file's own bytes, a reader holds at most the parameters
 * twice and what a description of the configuration's size takes, whatever the file claims.
 *
 * @param bytes of the file, at least 1
 * @param configurationBytes of the unpacked configuration, at least 1
 * @param parameters of the network, at least 1
 */
public record Dl4jLimits(int bytes, int configurationBytes, int parameters) {
    public Dl4jLimits {
        atLeastOne("bytes", bytes);
        atLeastOne("configuration-bytes", configurationBytes);
        atLeastOne("parameters", parameters);
    }

    /** 512 MiB, 4 MiB and 100 million. */
    public static Dl4jLimits standard() {
        return new Dl4jLimits(512 << 20, 4 << 20, 100_000_000);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1. Provided value: " + value);
        }
    }
}
