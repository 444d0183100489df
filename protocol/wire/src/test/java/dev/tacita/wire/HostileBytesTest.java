package dev.tacita.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostileBytesTest {
    private static final int CASES = 10_000;

    private final List<byte[]> valid = SampleMessages.ofEachKind().stream()
            .map(message -> {
                ByteBuffer bytes = MessageCodec.encode(message).bytes();
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                return copy;
            })
            .toList();

    @Test
    void randomBytesAreRefused() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(2000)];
            random.nextBytes(bytes);
            assertThat(decodes(bytes, seed)).as("accepted, seed %s", seed).isFalse();
        }
    }

    @Test
    void randomHeadersInAValidEnvelopeAreRefused() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] message = valid.get(seed % valid.size()).clone();
            int headerLength =
                    ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
            for (int i = 16; i < 16 + headerLength; i++) {
                message[i] = (byte) random.nextInt();
            }
            assertThat(decodes(message, seed)).as("accepted, seed %s", seed).isFalse();
        }
    }

    @Test
    void changedMessagesAreRefusedOrWhole() {
        int refused = 0;
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] message = valid.get(seed % valid.size()).clone();
            int changes = 1 + random.nextInt(4);
            for (int i = 0; i < changes; i++) {
                message[random.nextInt(message.length)] = (byte) random.nextInt();
            }
            refused += decodes(message, seed) ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(CASES / 3);
    }

    @Test
    void splicedMessagesAreRefusedOrWhole() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] message = valid.get(seed % valid.size()).clone();
            byte[] other = valid.get(random.nextInt(valid.size()));
            int length = random.nextInt(Math.min(message.length, other.length) - 16);
            int from = 16 + random.nextInt(other.length - 16 - length + 1);
            int to = 16 + random.nextInt(message.length - 16 - length + 1);
            System.arraycopy(
                    other,
                    Math.min(from, other.length - length),
                    message,
                    Math.min(to, message.length - length),
                    length);
            decodes(message, seed);
        }
    }

    private static boolean decodes(byte[] bytes, int seed) {
        try {
            MessageCodec.decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (RefusedMessageException refused) {
            return false;
        } catch (RuntimeException | StackOverflowError escaped) {
            return fail("seed " + seed, escaped);
        }
    }
}
