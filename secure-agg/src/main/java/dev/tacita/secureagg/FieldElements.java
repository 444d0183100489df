package dev.tacita.secureagg;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Uniform elements of the field, exactly: draws of 32 bits beyond it are thrown away, which tells nothing of the others. */
final class FieldElements {
    private static final int BUFFERED = 1024;

    private final SecureRandom random;
    private final byte[] bytes = new byte[BUFFERED];
    private final ByteBuffer draws = ByteBuffer.wrap(bytes).limit(0);

    FieldElements(SecureRandom random) {
        this.random = random;
    }

    long next() {
        while (true) {
            if (!draws.hasRemaining()) {
                random.nextBytes(bytes);
                draws.clear();
            }
            long element = Integer.toUnsignedLong(draws.getInt());
            if (element < PrimeField.PRIME) {
                return element;
            }
        }
    }
}
