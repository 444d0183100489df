package dev.tacita.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
    void aContributionOfVersionOneIsReadAsOneThatReportsNoEpsilon() throws Exception {
        var newest = (SiteMessage.ContributionHeader) sample(SiteMessage.ContributionHeader.class);
        byte[] old = golden("contribution-header-v1.hex");
        assertThat(MessageCodec.decode(ByteBuffer.wrap(old)))
                .isEqualTo(new SiteMessage.ContributionHeader(
                        newest.place(),
                        newest.site(),
                        newest.session(),
                        newest.protection(),
                        newest.weight(),
                        newest.tensor(),
                        newest.training(),
                        newest.validation(),
                        newest.test(),
                        newest.seconds(),
                        OptionalDouble.empty()));
    }

    @Test
    void aRoundOpenedInVersionOneIsReadAsOneThatSharesNothing() throws Exception {
        var newest = (AggregatorMessage.RoundOpened) sample(AggregatorMessage.RoundOpened.class);
        assertThat(MessageCodec.decode(ByteBuffer.wrap(golden("round-opened-v1.hex"))))
                .isEqualTo(new AggregatorMessage.RoundOpened(
                        newest.place(),
                        newest.purpose(),
                        newest.cohort(),
                        newest.model(),
                        newest.quorum(),
                        newest.deadline(),
                        newest.contributionsFrom(),
                        newest.at(),
                        newest.cohort().size(),
                        Optional.empty()));
    }

    @Test
    void aRoundClosedInVersionThreeIsReadAsOneThatLeavesNoSiteAtWork() throws Exception {
        var newest = (AggregatorMessage.RoundClosed) sample(AggregatorMessage.RoundClosed.class);
        assertThat(MessageCodec.decode(ByteBuffer.wrap(golden("round-closed-v3.hex"))))
                .isEqualTo(new AggregatorMessage.RoundClosed(
                        newest.place(),
                        newest.outcome(),
                        inTheirOwnRound(newest.counted()),
                        newest.missing(),
                        newest.model(),
                        newest.contributionBytes(),
                        newest.at(),
                        newest.epsilon(),
                        newest.shared()));
    }

    private static List<AggregatorMessage.Counted> inTheirOwnRound(List<AggregatorMessage.Counted> counted) {
        return counted.stream()
                .map(each -> new AggregatorMessage.Counted(
                        each.site(),
                        each.session(),
                        each.weight(),
                        each.training(),
                        each.validation(),
                        each.test(),
                        each.seconds(),
                        each.epsilon()))
                .toList();
    }

    @Test
    void aRoundClosedInVersionTwoIsReadAsOneThatSharesNothing() throws Exception {
        var newest = (AggregatorMessage.RoundClosed) sample(AggregatorMessage.RoundClosed.class);
        assertThat(MessageCodec.decode(ByteBuffer.wrap(golden("round-closed-v2.hex"))))
                .isEqualTo(new AggregatorMessage.RoundClosed(
                        newest.place(),
                        newest.outcome(),
                        inTheirOwnRound(newest.counted()),
                        newest.missing(),
                        newest.model(),
                        newest.contributionBytes(),
                        newest.at(),
                        newest.epsilon(),
                        Optional.empty()));
    }

    @Test
    void aRoundOfAnOlderVersionWithWhatOnlyTheNewestHasIsRefused() throws Exception {
        Map<String, String> reasons = Map.of(
                "round-opened-v2.hex", "has no shared values",
                "round-closed-v3.hex", "has no shared values",
                "round-closed-v4.hex", "has no sites at work");
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            byte[] mixed = golden(reason.getKey());
            mixed[6]--;
            assertThatThrownBy(() -> MessageCodec.decode(ByteBuffer.wrap(mixed)))
                    .isInstanceOf(RefusedMessageException.class)
                    .hasMessageContaining(reason.getValue());
        }
    }

    @Test
    void aRoundClosedInVersionOneIsReadAsOneThatReportsNoEpsilon() throws Exception {
        var newest = (AggregatorMessage.RoundClosed) sample(AggregatorMessage.RoundClosed.class);
        AggregatorMessage.Counted counted = newest.counted().get(0);
        byte[] old = golden("round-closed-v1.hex");
        assertThat(MessageCodec.decode(ByteBuffer.wrap(old)))
                .isEqualTo(new AggregatorMessage.RoundClosed(
                        newest.place(),
                        newest.outcome(),
                        List.of(new AggregatorMessage.Counted(
                                counted.site(),
                                counted.session(),
                                counted.weight(),
                                counted.training(),
                                counted.validation(),
                                counted.test(),
                                counted.seconds(),
                                OptionalDouble.empty())),
                        newest.missing(),
                        newest.model(),
                        newest.contributionBytes(),
                        newest.at(),
                        OptionalDouble.empty(),
                        Optional.empty()));
    }

    @Test
    void aHelloOfVersionOneIsReadAsOneThatHidesNoNumber() throws Exception {
        var newest = (SiteMessage.Hello) sample(SiteMessage.Hello.class);
        var joined = (AggregatorMessage.SiteJoined) sample(AggregatorMessage.SiteJoined.class);
        var old = new SiteMessage.Hello(
                newest.site(),
                newest.session(),
                newest.agentVersion(),
                List.of(
                        newest.datasets().get(0),
                        new SiteMessage.DatasetOffer("scans", Optional.of(70_000L), Optional.empty())));
        assertThat(MessageCodec.decode(ByteBuffer.wrap(golden("hello-v1.hex")))).isEqualTo(old);
        assertThat(MessageCodec.decode(ByteBuffer.wrap(golden("site-joined-v1.hex"))))
                .isEqualTo(new AggregatorMessage.SiteJoined(old, joined.sitesRead(), joined.at()));
        byte[] mixed = golden("hello-v2.hex");
        mixed[6] = 1;
        assertThatThrownBy(() -> MessageCodec.decode(ByteBuffer.wrap(mixed)))
                .isInstanceOf(RefusedMessageException.class)
                .hasMessageContaining("version 1 has the number of training examples");
    }

    @Test
    void aHeaderOfVersionOneWithWhatOnlyVersionTwoHasIsRefused() throws Exception {
        byte[] mixed = golden("contribution-header-v2.hex");
        mixed[6] = 1;
        assertThatThrownBy(() -> MessageCodec.decode(ByteBuffer.wrap(mixed)))
                .isInstanceOf(RefusedMessageException.class)
                .hasMessageContaining("version 1 has no epsilon");
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

    private static Message sample(Class<? extends Message> type) {
        return SampleMessages.ofEachKind().stream()
                .filter(type::isInstance)
                .findFirst()
                .orElseThrow();
    }

    private static byte[] golden(Message sample) throws IOException {
        MessageKind kind = MessageKind.of(sample);
        return golden(kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-v" + kind.version() + ".hex");
    }

    private static byte[] golden(String name) throws IOException {
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
