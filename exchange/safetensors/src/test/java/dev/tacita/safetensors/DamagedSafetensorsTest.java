package dev.tacita.safetensors;

import static org.assertj.core.api.Assertions.fail;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Ten thousand damaged files: each is read, or refused in one of the two ways that are promised. */
class DamagedSafetensorsTest {
    private static final List<String> FRAGMENTS = List.of(
            "{", "}", "[", "]", "\"", ",", ":", "-1", "9223372036854775808", "1e9", "null", "F16", "\\u0000", "\u00ff");

    private static final ModelSpec MODEL = Models.twoHiddenLayers(Shape.of(3), 4, 2);

    @Test
    void aDamagedFileIsReadOrRefused() {
        byte[] whole = new SafetensorsWriter()
                .bytes(Safetensors.of(
                        MODEL.layout(), MODEL.layout().initialValues(SeedStream.of(1)), Map.of("run", "heart")));
        int refused = 0;
        for (long seed = 0; seed < 10_000; seed++) {
            byte[] damaged = damage(whole, new SplittableRandom(seed));
            try {
                SafetensorsReader.standard().read(damaged).parameters(MODEL.layout());
            } catch (ProblemsException | IOException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                fail("seed " + seed + " gave " + e, e);
            }
        }
        if (refused < 1000) {
            fail("only " + refused + " files of 10000 were refused, so the damage does no harm");
        }
    }

    private static byte[] damage(byte[] whole, RandomGenerator random) {
        byte[] file = whole.clone();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(3) == 0 ? random.nextInt(16) : random.nextInt(file.length);
            at = Math.min(at, file.length - 1);
            switch (random.nextInt(5)) {
                case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> file[at] = (byte) random.nextInt(256);
                case 2 -> file = Arrays.copyOf(file, random.nextInt(1, file.length + 1));
                case 3 -> file = splice(file, at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
                default -> Arrays.fill(file, at, Math.min(file.length, at + random.nextInt(9)), (byte) -1);
            }
        }
        return file;
    }

    private static byte[] splice(byte[] file, int at, String text) {
        byte[] added = text.getBytes(StandardCharsets.UTF_8);
        byte[] longer = Arrays.copyOf(file, file.length + added.length);
        System.arraycopy(added, 0, longer, at, added.length);
        System.arraycopy(file, at, longer, at + added.length, file.length - at);
        return longer;
    }
}
