package dev.tacita.secureagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregationMessage.KeyAdvertisement;
import dev.tacita.secureagg.AggregationMessage.KeyList;
import dev.tacita.secureagg.AggregationMessage.MaskedInput;
import dev.tacita.secureagg.AggregationMessage.MaskedVector;
import dev.tacita.secureagg.AggregationMessage.SealedShare;
import dev.tacita.secureagg.AggregationMessage.SharesDelivered;
import dev.tacita.secureagg.AggregationMessage.SharesSent;
import dev.tacita.secureagg.AggregationMessage.SiteSignature;
import dev.tacita.secureagg.AggregationMessage.SurvivorList;
import dev.tacita.secureagg.AggregationMessage.SurvivorsConfirmed;
import dev.tacita.secureagg.AggregationMessage.UnmaskAnswer;
import dev.tacita.secureagg.AggregationMessage.UnmaskRequest;
import dev.tacita.secureagg.MalformedMessageException.Reason;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bytes of each kind are kept for ever; whatever other bytes come is refused by name. */
class GoldenBytesTest {
    private static final int CASES = 10_000;
    private static final Octets CONTEXT = filled(0xc0, 32);
    private static final SiteId BASEL = new SiteId("basel");
    private static final SiteId BERN = new SiteId("bern");

    private static Octets filled(int value, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return Octets.copyOf(bytes);
    }

    static Map<String, AggregationMessage> samples() {
        KeyAdvertisement keys = new KeyAdvertisement(
                CONTEXT, BASEL, filled(0x11, 32), filled(0x12, 32), filled(0x13, 32), filled(0x14, 64));
        SealedShare share = new SealedShare(BERN, filled(0x21, Limits.SEALED_SHARE));
        Map<String, AggregationMessage> samples = new LinkedHashMap<>();
        samples.put("key-advertisement", keys);
        samples.put("shares-sent", new SharesSent(CONTEXT, BASEL, List.of(share)));
        samples.put(
                "masked-input", new MaskedInput(CONTEXT, BASEL, List.of(new MaskedVector("update", filled(0x31, 8)))));
        samples.put("survivors-confirmed", new SurvivorsConfirmed(CONTEXT, BASEL, filled(0x41, 64)));
        samples.put("unmask-answer", new UnmaskAnswer(CONTEXT, BASEL, filled(0x51, 32), filled(0x52, 5)));
        samples.put("key-list", new KeyList(CONTEXT, List.of(keys)));
        samples.put("shares-delivered", new SharesDelivered(CONTEXT, BASEL, List.of(share)));
        samples.put("survivor-list", new SurvivorList(CONTEXT, List.of(BASEL, BERN)));
        samples.put(
                "unmask-request",
                new UnmaskRequest(
                        CONTEXT, List.of(BASEL), List.of(BERN), List.of(new SiteSignature(BASEL, filled(0x61, 64)))));
        return samples;
    }

    @Test
    void theKeptBytesAreReadAndWrittenAgain() throws Exception {
        for (Map.Entry<String, AggregationMessage> sample : samples().entrySet()) {
            byte[] golden = golden(sample.getKey());
            assertThat(HexFormat.of().formatHex(MessageCodec.encode(sample.getValue())))
                    .as(sample.getKey())
                    .isEqualTo(HexFormat.of().formatHex(golden));
            assertThat(MessageCodec.decode(golden)).isEqualTo(sample.getValue());
        }
    }

    @Test
    void everyRecordOfAMessageHasKeptBytes() {
        assertThat(samples().values().stream().map(AggregationMessage::getClass).collect(Collectors.toSet()))
                .isEqualTo(records(AggregationMessage.class).collect(Collectors.toSet()));
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(GoldenBytesTest::records)
                : Stream.of(type);
    }

    private static byte[] golden(String name) throws Exception {
        try (InputStream in = GoldenBytesTest.class.getResourceAsStream("/golden/" + name + "-v1.hex")) {
            assertThat(in).as(name).isNotNull();
            return HexFormat.of()
                    .parseHex(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.replaceFirst("#.*", "").replaceAll("\\s", ""))
                            .collect(Collectors.joining()));
        }
    }

    @Test
    void fuzzedMessagesAreRefusedByNameOrWhole() {
        List<byte[]> valid =
                samples().values().stream().map(MessageCodec::encode).toList();
        Set<Reason> seen = EnumSet.noneOf(Reason.class);
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] bytes = fuzzed(valid.get(seed % valid.size()).clone(), random);
            try {
                AggregationMessage message = MessageCodec.decode(bytes);
                assertThat(MessageCodec.encode(message)).as("seed %s", seed).isEqualTo(bytes);
            } catch (MalformedMessageException e) {
                assertThat(e.getMessage()).as("seed %s", seed).isNotBlank();
                seen.add(e.reason());
            } catch (RuntimeException | Error e) {
                fail("seed " + seed, e);
            }
        }
        assertThat(seen).isEqualTo(EnumSet.allOf(Reason.class));
    }

    private static byte[] fuzzed(byte[] bytes, Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> {
                byte[] noise = new byte[random.nextInt(300)];
                random.nextBytes(noise);
                yield noise;
            }
            case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
            case 3 -> {
                random.nextBytes(bytes);
                bytes[0] = 'T';
                bytes[1] = 'S';
                bytes[2] = 'A';
                bytes[3] = 1;
                bytes[4] = (byte) (random.nextBoolean() ? 1 + random.nextInt(5) : 16 + random.nextInt(4));
                yield bytes;
            }
            default -> {
                for (int i = 1 + random.nextInt(4); i > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                yield bytes;
            }
        };
    }
}
