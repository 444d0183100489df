package dev.tacita.benchmarks;

import dev.tacita.secureagg.Masks;
import dev.tacita.secureagg.Modulus;
import dev.tacita.secureagg.RingVector;
import dev.tacita.secureagg.Workers;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What masking a million parameters costs on one core, beside AES-256-CTR alone over as many bytes as the neighbours' masks
 * have. The masks are one more: the site's own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 7, time = 1)
public class MaskingSpeed {
    private static final int PARAMETERS = 1_000_000;
    private static final int BLOCK = 1 << 14;
    private static final int KEY = 32;

    /** How many neighbours a site has. */
    @Param({"10", "30"})
    public int neighbours;

    /** Bits of the modulus. */
    @Param({"32", "64"})
    public int modulus;

    private RingVector vector = RingVector.zeros(Modulus.TWO_32, 1);
    private final byte[] zeros = new byte[BLOCK];
    private final byte[] stream = new byte[BLOCK];

    /** Makes the vector. */
    @Setup
    public void makeVector() {
        vector = RingVector.zeros(modulus == 32 ? Modulus.TWO_32 : Modulus.TWO_64, PARAMETERS);
    }

    /** All masks, expanded and added. */
    @Benchmark
    public RingVector mask() {
        Masks masks = new Masks();
        for (int i = 0; i <= neighbours; i++) {
            byte[] key = key(i);
            if (i % 2 == 0) {
                masks.add(key);
            } else {
                masks.subtract(key);
            }
        }
        masks.applyTo(vector, Workers.callingThread());
        return vector;
    }

    /** The cipher alone, block by block in the cache. */
    @Benchmark
    public byte[] plainCipher() throws GeneralSecurityException {
        for (int i = 0; i < neighbours; i++) {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key(i), "AES"), new IvParameterSpec(new byte[16]));
            for (int left = PARAMETERS * modulus / Byte.SIZE; left > 0; left -= BLOCK) {
                cipher.update(zeros, 0, Math.min(left, BLOCK), stream);
            }
        }
        return stream;
    }

    private static byte[] key(int index) {
        byte[] key = new byte[KEY];
        key[0] = (byte) index;
        return key;
    }
}
