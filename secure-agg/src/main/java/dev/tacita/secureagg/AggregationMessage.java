package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.SiteId;
import java.util.List;

/**
 * What sites and aggregator say to each other. A record says what was sent, not that it is right: whoever receives it
 * checks it. None carries a secret in the clear.
 */
public sealed interface AggregationMessage {
    /** 32 bytes that name the attempt: the hash of its terms, and once the keys are known the hash of terms and keys. */
    Octets context();

    /** From a site. */
    sealed interface FromSite extends AggregationMessage {
        /** Who. */
        SiteId site();
    }

    /** From the aggregator; to all sites but where it names one. */
    sealed interface FromAggregator extends AggregationMessage {}

    /**
     * A site's keys for this attempt.
     *
     * @param context hash of the terms that the site takes part in
     * @param site who
     * @param encryptionKey X25519 public key under which shares reach it
     * @param maskingKey X25519 public key from which masks come
     * @param seedCommitment derived from the seed of the site's own mask, so that false shares of it are noticed
     * @param signature by the site's identity, over all of these
     */
    record KeyAdvertisement(
            Octets context,
            SiteId site,
            Octets encryptionKey,
            Octets maskingKey,
            Octets seedCommitment,
            Octets signature)
            implements FromSite {
        public KeyAdvertisement {
            context.requireLength("context", Limits.HASH);
            requireNonNull(site, "site is null");
            encryptionKey.requireLength("encryptionKey", Curve.KEY_BYTES);
            maskingKey.requireLength("maskingKey", Curve.KEY_BYTES);
            seedCommitment.requireLength("seedCommitment", Limits.HASH);
            signature.requireLength("signature", Curve.SIGNATURE_BYTES);
        }

        /** What the signature is over. */
        Octets signed() {
            return Transcript.of("keys")
                    .add(context)
                    .add(site.value())
                    .add(encryptionKey)
                    .add(maskingKey)
                    .add(seedCommitment)
                    .hash();
        }

        KeyAdvertisement signedBy(SigningIdentity identity) {
            return new KeyAdvertisement(
                    context, site, encryptionKey, maskingKey, seedCommitment, identity.sign(signed()));
        }
    }

    /**
     * Bytes that only one site can open.
     *
     * @param peer the site at the other end: for whom it is where a site sends it, from whom where the aggregator does
     * @param bytes shares, encrypted and authenticated
     */
    record SealedShare(SiteId peer, Octets bytes) {
        public SealedShare {
            requireNonNull(peer, "peer is null");
            bytes.requireLength("a sealed share", Limits.SEALED_SHARE);
        }
    }

    /**
     * Shares of a site's secrets for those who hold them.
     *
     * @param context hash of terms and keys
     * @param site whose secrets
     * @param shares one for each holder
     */
    record SharesSent(Octets context, SiteId site, List<SealedShare> shares) implements FromSite {
        public SharesSent {
            context.requireLength("context", Limits.HASH);
            requireNonNull(site, "site is null");
            shares = List.copyOf(shares);
        }
    }

    /**
     * A vector, masked.
     *
     * @param name as in the terms
     * @param words as {@link RingVector#toBytes}
     */
    record MaskedVector(String name, Octets words) {
        public MaskedVector {
            VectorSpec.requireName(name);
            requireNonNull(words, "words is null");
        }
    }

    /**
     * A site's contribution: uniformly random to whoever lacks its masks.
     *
     * @param context hash of terms and keys
     * @param site whose
     * @param vectors as in the terms, in their order
     */
    record MaskedInput(Octets context, SiteId site, List<MaskedVector> vectors) implements FromSite {
        public MaskedInput {
            context.requireLength("context", Limits.HASH);
            requireNonNull(site, "site is null");
            vectors = List.copyOf(vectors);
        }
    }

    /**
     * A site's signature.
     *
     * @param site whose
     * @param signature Ed25519
     */
    record SiteSignature(SiteId site, Octets signature) {
        public SiteSignature {
            requireNonNull(site, "site is null");
            signature.requireLength("signature", Curve.SIGNATURE_BYTES);
        }
    }

    /**
     * The site saw this list of survivors and no other.
     *
     * @param context hash of terms and keys
     * @param site who
     * @param signature by the site's identity, over the list
     */
    record SurvivorsConfirmed(Octets context, SiteId site, Octets signature) implements FromSite {
        public SurvivorsConfirmed {
            context.requireLength("context", Limits.HASH);
            requireNonNull(site, "site is null");
            signature.requireLength("signature", Curve.SIGNATURE_BYTES);
        }

        static Octets signed(Octets context, List<SiteId> survivors) {
            Transcript transcript = Transcript.of("survivors").add(context).add(survivors.size());
            survivors.forEach(site -> transcript.add(site.value()));
            return transcript.hash();
        }
    }

    /**
     * Shares for the aggregator, sealed to its key.
     *
     * @param context hash of terms and keys
     * @param site who
     * @param key X25519 public key of this message
     * @param sealed the shares, encrypted and authenticated
     */
    record UnmaskAnswer(Octets context, SiteId site, Octets key, Octets sealed) implements FromSite {
        public UnmaskAnswer {
            context.requireLength("context", Limits.HASH);
            requireNonNull(site, "site is null");
            key.requireLength("key", Curve.KEY_BYTES);
            requireNonNull(sealed, "sealed is null");
        }
    }

    /**
     * The keys of all who take part.
     *
     * @param context hash of the terms
     * @param keys in ascending order of the sites
     */
    record KeyList(Octets context, List<KeyAdvertisement> keys) implements FromAggregator {
        public KeyList {
            context.requireLength("context", Limits.HASH);
            keys = List.copyOf(keys);
        }
    }

    /**
     * The shares that others made for one site.
     *
     * @param context hash of terms and keys
     * @param to for whom
     * @param shares from each who shared
     */
    record SharesDelivered(Octets context, SiteId to, List<SealedShare> shares) implements FromAggregator {
        public SharesDelivered {
            context.requireLength("context", Limits.HASH);
            requireNonNull(to, "to is null");
            shares = List.copyOf(shares);
        }
    }

    /**
     * Whose masked inputs are in the sum.
     *
     * @param context hash of terms and keys
     * @param survivors in ascending order
     */
    record SurvivorList(Octets context, List<SiteId> survivors) implements FromAggregator {
        public SurvivorList {
            context.requireLength("context", Limits.HASH);
            survivors = List.copyOf(survivors);
        }
    }

    /**
     * Which shares the aggregator needs.
     *
     * @param context hash of terms and keys
     * @param selfMasksOf the survivors
     * @param maskingKeysOf those who shared secrets and then dropped out
     * @param signatures of survivors over the list of survivors
     */
    record UnmaskRequest(
            Octets context, List<SiteId> selfMasksOf, List<SiteId> maskingKeysOf, List<SiteSignature> signatures)
            implements FromAggregator {
        public UnmaskRequest {
            context.requireLength("context", Limits.HASH);
            selfMasksOf = List.copyOf(selfMasksOf);
            maskingKeysOf = List.copyOf(maskingKeysOf);
            signatures = List.copyOf(signatures);
        }
    }
}
