package dev.tacita.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of each kind and version are kept for ever: what was once written can be read. */
class GoldenBytesTest {
    static Stream<Message> samples() {
        return SampleMessages.ofEachKind().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theKeptBytesAreReadAndWrittenAgain(Message sample) throws Exception {
        byte[] golden = golden(sample);
        Message read = MessageCodec.decode(ByteBuffer.wrap(golden));
        assertThat(read).isEqualTo(sample);
        ByteBuffer written = MessageCodec.encode(read).bytes();
        byte[] again = new byte[written.remaining()];
        written.get(again);
        assertThat(HexFormat.of().formatHex(again)).isEqualTo(HexFormat.of().formatHex(golden));
    }

    @Test
    void everyRecordOfAMessageHasKeptBytes() {
        assertThat(SampleMessages.ofEachKind().stream().map(Message::getClass).collect(Collectors.toSet()))
                .isEqualTo(records(Message.class).collect(Collectors.toSet()));
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(GoldenBytesTest::records)
                : Stream.of(type);
    }

    private static byte[] golden(Message sample) throws IOException {
        MessageKind kind = MessageKind.of(sample);
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-v" + kind.version() + ".hex";
        try (InputStream in = GoldenBytesTest.class.getResourceAsStream("/golden/" + name)) {
            assertThat(in).as("golden/%s", name).isNotNull();
            String hex = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").replaceAll("\\s", ""))
                    .collect(Collectors.joining());
            return HexFormat.of().parseHex(hex);
        }
    }
}
