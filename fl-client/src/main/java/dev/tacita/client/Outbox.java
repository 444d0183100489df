package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ProtectedUpdate;
import dev.tacita.core.learning.Protection;
import dev.tacita.wire.Channel;
import dev.tacita.wire.ContributionMessages;
import dev.tacita.wire.Frame;
import dev.tacita.wire.Hash;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SharedMetrics;
import dev.tacita.wire.SiteMessage;
import dev.tacita.wire.SiteMessage.DatasetOffer;
import dev.tacita.wire.SiteMessage.Goodbye;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Stage;
import dev.tacita.wire.StageMessages;
import dev.tacita.wire.Transport;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The one door through which anything leaves a site. Guarantees: what leaves has been noted in the egress record, and
 * an update leaves only as a {@link ProtectedUpdate}. Each method returns when the message is durable, and throws
 * {@link dev.tacita.wire.TransportException} if it could not be written. For several threads.
 */
final class Outbox {
    private final Transport transport;
    private final SiteId site;
    private final String session;
    private final EgressRecord record;
    private final Clock clock;

    Outbox(Transport transport, SiteId site, String session, EgressRecord record, Clock clock) {
        this.transport = transport;
        this.site = site;
        this.session = session;
        this.record = record;
        this.clock = clock;
    }

    void hello(String version, List<DatasetOffer> datasets) throws InterruptedException {
        say("hello", Optional.empty(), new Hello(site, session, version, datasets));
    }

    void goodbye() throws InterruptedException {
        say("goodbye", Optional.empty(), new Goodbye(site, session));
    }

    void refuse(RunId run, Refusal.Kind kind, List<String> reasons) throws InterruptedException {
        say("refusal", Optional.of(run), new Refusal(site, run, kind, reasons));
    }

    void contribute(
            RoundKey place, ProtectedUpdate update, SharedMetrics metrics, double seconds, OptionalDouble epsilon)
            throws InterruptedException {
        List<Frame> frames = ContributionMessages.training(place, site, session, update, metrics, seconds, epsilon);
        leave(
                Channel.CONTRIBUTIONS,
                frames,
                "contribution",
                Optional.of(place.run()),
                Optional.of(place),
                Optional.of(update.protection()),
                update.weight());
    }

    void evaluated(RoundKey place, Protection protection, SharedMetrics metrics, double seconds)
            throws InterruptedException {
        List<Frame> frames = ContributionMessages.evaluation(place, site, session, protection, metrics, seconds);
        leave(
                Channel.CONTRIBUTIONS,
                frames,
                "evaluation",
                Optional.of(place.run()),
                Optional.of(place),
                Optional.empty(),
                0);
    }

    /** Bytes of the secure aggregation protocol; none of them shows what the site contributes. */
    void answerStage(RoundKey place, Stage stage, byte[] bytes) throws InterruptedException {
        leave(
                Channel.CONTRIBUTIONS,
                StageMessages.answer(place, site, session, stage, bytes),
                stage == Stage.INPUTS
                        ? "masked-contribution"
                        : "secure-aggregation-" + stage.name().toLowerCase(Locale.ROOT),
                Optional.of(place.run()),
                Optional.of(place),
                Optional.of(Protection.SECURE_AGGREGATION),
                0);
    }

    private void say(String kind, Optional<RunId> run, SiteMessage message) throws InterruptedException {
        leave(Channel.SITES, List.of(MessageCodec.encode(message)), kind, run, Optional.empty(), Optional.empty(), 0);
    }

    private void leave(
            Channel channel,
            List<Frame> frames,
            String kind,
            Optional<RunId> run,
            Optional<RoundKey> place,
            Optional<Protection> protection,
            long weight)
            throws InterruptedException {
        MessageDigest digest = sha256();
        long bytes = 0;
        for (Frame frame : frames) {
            ByteBuffer view = frame.bytes().duplicate();
            bytes += view.remaining();
            digest.update(view);
        }
        record.note(new EgressRecord.Departure(
                clock.instant(),
                kind,
                run,
                place.map(key -> OptionalInt.of(key.round())).orElse(OptionalInt.empty()),
                place.map(key -> OptionalInt.of(key.attempt())).orElse(OptionalInt.empty()),
                bytes,
                Hash.of(digest.digest()),
                protection,
                weight));
        transport.append(channel, frames);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
