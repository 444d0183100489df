package dev.tacita.secureagg;

import dev.tacita.core.SiteId;
import java.util.Arrays;

/**
 * Keys from secrets: HKDF with the context (terms and keys of the attempt) as salt, and the purpose, the sites and the
 * vector as info. The keys of shares and answers
 * wipe the secret that they are given.
 */
final class Derivation {
    private final Hkdf hkdf = new Hkdf();
    private final byte[] context;

    Derivation(Octets context) {
        this.context = context.toArray();
    }

    byte[] shareKey(byte[] agreed, SiteId from, SiteId to) {
        return wiping(agreed, boundToShare(from, to));
    }

    Octets boundToShare(SiteId from, SiteId to) {
        return Transcript.of("shares")
                .add(context)
                .add(from.value())
                .add(to.value())
                .hash();
    }

    byte[] answerKey(byte[] agreed, SiteId from, Octets key) {
        return wiping(agreed, boundToAnswer(from, key));
    }

    Octets boundToAnswer(SiteId from, Octets key) {
        return Transcript.of("answer").add(context).add(from.value()).add(key).hash();
    }

    /** Of the context of the terms alone, as there are no other keys yet. */
    Octets seedCommitment(byte[] seed, SiteId site) {
        return Octets.wrap(
                derive(seed, Transcript.of("seed commitment").add(site.value()).hash()));
    }

    byte[] selfMask(byte[] seed, SiteId site, VectorSpec vector) {
        return derive(seed, vector(Transcript.of("self mask").add(site.value()), vector));
    }

    byte[] pairMask(byte[] agreed, SiteId lower, SiteId higher, VectorSpec vector) {
        return derive(
                agreed, vector(Transcript.of("pair mask").add(lower.value()).add(higher.value()), vector));
    }

    private static Octets vector(Transcript transcript, VectorSpec vector) {
        return transcript
                .add(vector.name())
                .add(vector.length())
                .add(vector.modulus().value())
                .hash();
    }

    private byte[] wiping(byte[] secret, Octets info) {
        byte[] key = derive(secret, info);
        Arrays.fill(secret, (byte) 0);
        return key;
    }

    private byte[] derive(byte[] secret, Octets info) {
        return hkdf.derive(secret, context, info.shared(), MaskCipher.KEY_BYTES);
    }
}
