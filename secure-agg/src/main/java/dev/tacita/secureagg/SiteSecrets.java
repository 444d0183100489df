package dev.tacita.secureagg;

import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregationMessage.KeyAdvertisement;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What only the site knows, fresh for every attempt and never written anywhere; gone when it is wiped. */
final class SiteSecrets {
    private final SecureRandom random = new SecureRandom();
    private final byte[] encryptionSecret = Curve.newAgreementKey(random);
    private final byte[] maskingSecret = Curve.newAgreementKey(random);
    private final byte[] selfSeed = new byte[Limits.SECRET];
    private final Map<Octets, byte[]> agreed = new HashMap<>();
    private final Map<Integer, HeldShares> held = new HashMap<>();

    /** Shares of one site's two secrets, at one point. */
    private record HeldShares(Octets ofSelfSeed, Octets ofMaskingSecret) {
        static HeldShares of(byte[] both) {
            return new HeldShares(
                    Octets.wrap(Arrays.copyOf(both, Limits.SHARE)),
                    Octets.wrap(Arrays.copyOfRange(both, Limits.SHARE, 2 * Limits.SHARE)));
        }

        void wipe() {
            ofSelfSeed.wipe();
            ofMaskingSecret.wipe();
        }
    }

    SiteSecrets() {
        random.nextBytes(selfSeed);
    }

    KeyAdvertisement advertise(Octets terms, SiteId me, SigningIdentity identity) {
        Octets unsigned = Octets.wrap(new byte[Curve.SIGNATURE_BYTES]);
        return new KeyAdvertisement(
                        terms,
                        me,
                        Curve.agreementPublicKey(encryptionSecret),
                        Curve.agreementPublicKey(maskingSecret),
                        new Derivation(terms).seedCommitment(selfSeed, me),
                        unsigned)
                .signedBy(identity);
    }

    /** Shares of both secrets for the points 1 to {@code holders}, each pair in one array. */
    byte[][] split(int threshold, int holders) {
        List<Shamir.Share> seeds = Shamir.split(selfSeed, threshold, holders, random);
        List<Shamir.Share> keys = Shamir.split(maskingSecret, threshold, holders, random);
        byte[][] pairs = new byte[holders][];
        for (int i = 0; i < holders; i++) {
            pairs[i] = Arrays.copyOf(seeds.get(i).values().shared(), 2 * Limits.SHARE);
            System.arraycopy(keys.get(i).values().shared(), 0, pairs[i], Limits.SHARE, Limits.SHARE);
            seeds.get(i).values().wipe();
            keys.get(i).values().wipe();
        }
        return pairs;
    }

    Octets seal(byte[] key, Octets bound, byte[] message) {
        Octets sealed = Seal.close(key, bound, message, random);
        Arrays.fill(key, (byte) 0);
        return sealed;
    }

    /** Needed twice for each peer, to seal for it and to open what it sealed, and worked out once. The caller wipes it. */
    byte[] agreeOnEncryption(Octets peer) {
        return agreed.computeIfAbsent(peer, key -> Curve.agree(encryptionSecret, key))
                .clone();
    }

    byte[] agreeOnMasks(Octets peer) {
        return Curve.agree(maskingSecret, peer);
    }

    byte[] selfSeed() {
        return selfSeed;
    }

    byte[] newKey() {
        return Curve.newAgreementKey(random);
    }

    void hold(int owner, byte[] both) {
        held.put(owner, HeldShares.of(both));
    }

    boolean holds(int owner) {
        return held.containsKey(owner);
    }

    int holdings() {
        return held.size();
    }

    Optional<Octets> shareOfSelfSeed(int owner) {
        return Optional.ofNullable(held.get(owner)).map(HeldShares::ofSelfSeed);
    }

    Optional<Octets> shareOfMaskingSecret(int owner) {
        return Optional.ofNullable(held.get(owner)).map(HeldShares::ofMaskingSecret);
    }

    void wipe() {
        Arrays.fill(encryptionSecret, (byte) 0);
        Arrays.fill(maskingSecret, (byte) 0);
        Arrays.fill(selfSeed, (byte) 0);
        agreed.values().forEach(secret -> Arrays.fill(secret, (byte) 0));
        agreed.clear();
        held.values().forEach(HeldShares::wipe);
        held.clear();
    }
}
