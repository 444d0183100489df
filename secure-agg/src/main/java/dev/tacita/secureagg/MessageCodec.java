package dev.tacita.secureagg;

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

/**
 * Messages as bytes and back: the letters TSA, the version, the kind, the context, then the record's fields in their
 * order. Numbers are big-endian; names stand behind a length of one byte, lists behind a count of four.
 */
public final class MessageCodec {
    private static final byte[] LETTERS = {'T', 'S', 'A'};
    private static final int VERSION = 1;

    private MessageCodec() {}

    /** The bytes of a message; the same message always has the same. */
    public static byte[] encode(AggregationMessage message) {
        FieldWriter out = new FieldWriter();
        out.raw(LETTERS).number8(VERSION).number8(kind(message)).raw(message.context());
        if (message instanceof KeyAdvertisement keys) {
            keys(out, keys);
        } else if (message instanceof SharesSent sent) {
            out.site(sent.site())
                    .list(sent.shares(), (it, share) -> it.site(share.peer()).raw(share.bytes()));
        } else if (message instanceof MaskedInput input) {
            out.site(input.site())
                    .list(
                            input.vectors(),
                            (it, vector) -> it.name(vector.name()).bytes(vector.words()));
        } else if (message instanceof SurvivorsConfirmed confirmed) {
            out.site(confirmed.site()).raw(confirmed.signature());
        } else if (message instanceof UnmaskAnswer answer) {
            out.site(answer.site()).raw(answer.key()).bytes(answer.sealed());
        } else if (message instanceof KeyList list) {
            out.list(list.keys(), (it, keys) -> keys(it.raw(keys.context()), keys));
        } else if (message instanceof SharesDelivered delivered) {
            out.site(delivered.to())
                    .list(
                            delivered.shares(),
                            (it, share) -> it.site(share.peer()).raw(share.bytes()));
        } else if (message instanceof SurvivorList list) {
            out.list(list.survivors(), FieldWriter::site);
        } else if (message instanceof UnmaskRequest request) {
            out.list(request.selfMasksOf(), FieldWriter::site)
                    .list(request.maskingKeysOf(), FieldWriter::site)
                    .list(
                            request.signatures(),
                            (it, signature) -> it.site(signature.site()).raw(signature.signature()));
        }
        return out.toBytes();
    }

    /**
     * The message that bytes stand for; they must not change afterwards.
     *
     * @throws MalformedMessageException if they are none
     */
    public static AggregationMessage decode(byte[] bytes) throws MalformedMessageException {
        FieldReader in = new FieldReader(bytes);
        for (byte letter : LETTERS) {
            if (in.number8() != letter) {
                throw new MalformedMessageException(Reason.NOT_OURS, "a message must begin with the letters TSA");
            }
        }
        int version = in.number8();
        if (version != VERSION) {
            throw new MalformedMessageException(
                    Reason.UNKNOWN_VERSION, "the version must be " + VERSION + ". Provided value: " + version);
        }
        try {
            AggregationMessage message = fields(in, in.number8());
            in.requireEnd();
            return message;
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(Reason.BAD_FIELD, String.valueOf(e.getMessage()), e);
        }
    }

    private static int kind(AggregationMessage message) {
        if (message instanceof KeyAdvertisement) {
            return 1;
        } else if (message instanceof SharesSent) {
            return 2;
        } else if (message instanceof MaskedInput) {
            return 3;
        } else if (message instanceof SurvivorsConfirmed) {
            return 4;
        } else if (message instanceof UnmaskAnswer) {
            return 5;
        } else if (message instanceof KeyList) {
            return 16;
        } else if (message instanceof SharesDelivered) {
            return 17;
        } else if (message instanceof SurvivorList) {
            return 18;
        }
        return 19;
    }

    private static AggregationMessage fields(FieldReader in, int kind) throws MalformedMessageException {
        Octets context = in.raw(Limits.HASH);
        return switch (kind) {
            case 1 -> keys(in, context);
            case 2 -> new SharesSent(context, in.site(), in.list(MessageCodec::share));
            case 3 -> new MaskedInput(context, in.site(), in.list(it -> new MaskedVector(it.name(), it.bytes())));
            case 4 -> new SurvivorsConfirmed(context, in.site(), in.raw(Curve.SIGNATURE_BYTES));
            case 5 -> new UnmaskAnswer(context, in.site(), in.raw(Curve.KEY_BYTES), in.bytes());
            case 16 -> new KeyList(context, in.list(it -> keys(it, it.raw(Limits.HASH))));
            case 17 -> new SharesDelivered(context, in.site(), in.list(MessageCodec::share));
            case 18 -> new SurvivorList(context, in.list(FieldReader::site));
            case 19 ->
                new UnmaskRequest(
                        context,
                        in.list(FieldReader::site),
                        in.list(FieldReader::site),
                        in.list(it -> new SiteSignature(it.site(), it.raw(Curve.SIGNATURE_BYTES))));
            default ->
                throw new MalformedMessageException(
                        Reason.UNKNOWN_KIND, "the kind must be one that this version knows. Provided value: " + kind);
        };
    }

    private static FieldWriter keys(FieldWriter out, KeyAdvertisement keys) {
        return out.site(keys.site())
                .raw(keys.encryptionKey())
                .raw(keys.maskingKey())
                .raw(keys.seedCommitment())
                .raw(keys.signature());
    }

    private static KeyAdvertisement keys(FieldReader in, Octets context) throws MalformedMessageException {
        return new KeyAdvertisement(
                context,
                in.site(),
                in.raw(Curve.KEY_BYTES),
                in.raw(Curve.KEY_BYTES),
                in.raw(Limits.HASH),
                in.raw(Curve.SIGNATURE_BYTES));
    }

    private static SealedShare share(FieldReader in) throws MalformedMessageException {
        return new SealedShare(in.site(), in.raw(Limits.SEALED_SHARE));
    }
}
