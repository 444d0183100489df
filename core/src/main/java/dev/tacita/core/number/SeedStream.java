package dev.tacita.core.number;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A named place from which random draws come: the same seed and the same path of names give the same draws, on any
 * machine, in any order, in any thread. For reproducible learning only: never for keys, masks or noise, whose draws
 * come from a secure source.
 *
 * <p>Each step of the path hashes (parent, length of the name, name) with SHA-256; the first eight bytes seed a
 * {@link SplittableRandom}, whose algorithm the JDK fixes.
 */
public final class SeedStream {
    private final byte[] state;

    private SeedStream(byte[] state) {
        this.state = state;
    }

    /** The stream of a run's seed. */
    public static SeedStream of(long seed) {
        return new SeedStream(sha256(ByteBuffer.allocate(8).putLong(seed).array(), "tacita"));
    }

    /** The stream below this one with this name. */
    public SeedStream derive(String name) {
        return new SeedStream(sha256(state, name));
    }

    /** The stream below this one with this number. */
    public SeedStream derive(long number) {
        return derive(Long.toString(number));
    }

    /** A fresh generator at the start of this stream. */
    public RandomGenerator random() {
        return new SplittableRandom(ByteBuffer.wrap(state).getLong());
    }

    private static byte[] sha256(byte[] parent, String name) {
        try {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(parent);
            digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            return digest.digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
