package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

import java.util.HexFormat;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;

/**
 * The public Ed25519 key by which a site is known.
 *
 * @param bytes 32, as RFC 8032 encodes it
 */
public record IdentityKey(Octets bytes) {
    private static final Pattern PAIR = Pattern.compile("(....)(?!$)");

    /** @throws IllegalArgumentException unless these are 32 bytes of a key that is on the curve */
    public IdentityKey {
        requireNonNull(bytes, "bytes is null");
        bytes.requireLength("an identity key", Curve.KEY_BYTES);
        new Ed25519PublicKeyParameters(bytes.shared());
    }

    /** From 64 hexadecimal digits. */
    public static IdentityKey parse(String hex) {
        return new IdentityKey(Octets.wrap(HexFormat.of().parseHex(hex)));
    }

    /** 64 hexadecimal digits. */
    public String toHex() {
        return HexFormat.of().formatHex(bytes.shared());
    }

    /** What two people compare by telephone: the first half of the key's SHA-256, in groups of four digits. */
    public String fingerprint() {
        String hash = HexFormat.of()
                .formatHex(Transcript.of("fingerprint").add(bytes).hash().shared());
        return PAIR.matcher(hash.substring(0, hash.length() / 2)).replaceAll("$1-");
    }

    boolean verifies(Octets message, Octets signature) {
        return Curve.verifies(new Ed25519PublicKeyParameters(bytes.shared()), message, signature);
    }

    @Override
    public String toString() {
        return fingerprint();
    }
}
