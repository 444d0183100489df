package dev.tacita.secureagg;

import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregationMessage.UnmaskRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The inside of an answer: a site's shares of survivors' seeds and of masking secrets of those who dropped out, each behind
 * the number of its owner.
 *
 * @param ofSelfSeeds by owner
 * @param ofMaskingSecrets by owner
 */
record UnmaskShares(Map<Integer, Octets> ofSelfSeeds, Map<Integer, Octets> ofMaskingSecrets) {
    static byte[] collect(SiteRoster roster, SiteSecrets secrets, UnmaskRequest request) {
        FieldWriter out = new FieldWriter();
        write(out, roster, request.selfMasksOf(), secrets::shareOfSelfSeed);
        write(out, roster, request.maskingKeysOf(), secrets::shareOfMaskingSecret);
        return out.toBytes();
    }

    private static void write(
            FieldWriter out, SiteRoster roster, List<SiteId> owners, IntFunction<Optional<Octets>> shares) {
        List<Integer> held = owners.stream()
                .map(roster::index)
                .filter(owner -> shares.apply(owner).isPresent())
                .toList();
        out.list(held, (it, owner) -> it.number32(owner).raw(shares.apply(owner).orElseThrow()));
    }

    /** @throws MalformedMessageException if the bytes are not what {@link #collect} makes */
    static UnmaskShares read(byte[] bytes) throws MalformedMessageException {
        FieldReader in = new FieldReader(bytes);
        UnmaskShares shares = new UnmaskShares(readShares(in), readShares(in));
        in.requireEnd();
        return shares;
    }

    private static Map<Integer, Octets> readShares(FieldReader in) throws MalformedMessageException {
        Map<Integer, Octets> shares = new HashMap<>();
        in.list(it -> shares.put(it.number32(), it.raw(Limits.SHARE)));
        return shares;
    }

    void wipe() {
        ofSelfSeeds.values().forEach(Octets::wipe);
        ofMaskingSecrets.values().forEach(Octets::wipe);
    }
}
