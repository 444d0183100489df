package dev.tacita.secureagg;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Keys of 32 bytes as one word: a prefix that says what it is and its version, then 48 letters, digits, hyphens and underscores
 * (base64url) of the key and of four bytes that are wrong for a word that was mistyped or cut short.
 */
enum KeyText {
    SITE("tacita-site-1.", "a site's public key"),
    SITE_SECRET("tacita-site-secret-1.", "a site's private key"),
    AGGREGATOR("tacita-aggregator-1.", "an aggregator's public key"),
    AGGREGATOR_SECRET("tacita-aggregator-secret-1.", "an aggregator's private key");

    private static final int CHECK_BYTES = 4;
    private static final int CHARACTERS = 48;
    private static final Pattern GROUP = Pattern.compile("(....)(?!$)");

    private final String prefix;
    private final String what;
    private final Pattern form;

    KeyText(String prefix, String what) {
        this.prefix = prefix;
        this.what = what;
        this.form = Pattern.compile(Pattern.quote(prefix) + "[A-Za-z0-9_-]{" + CHARACTERS + "}");
    }

    String prefix() {
        return prefix;
    }

    String write(byte[] key) {
        ByteBuffer all =
                ByteBuffer.allocate(Curve.KEY_BYTES + CHECK_BYTES).put(key).put(check(key));
        return prefix + Base64.getUrlEncoder().encodeToString(all.array());
    }

    /** @throws IllegalArgumentException unless the text is one that {@link #write} gives; it does not show the text */
    byte[] read(String text) {
        if (!form.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    what + " must be " + prefix + " and " + CHARACTERS + " letters, digits, '-' and '_'");
        }
        byte[] all = Base64.getUrlDecoder().decode(text.substring(prefix.length()));
        byte[] key = Arrays.copyOf(all, Curve.KEY_BYTES);
        if (!Arrays.equals(check(key), Arrays.copyOfRange(all, Curve.KEY_BYTES, all.length))) {
            throw new IllegalArgumentException(
                    what + " was changed on its way: its last letters do not fit the others");
        }
        return key;
    }

    /** The first half of a SHA-256, in eight groups of four hexadecimal digits. */
    String fingerprint(Octets key) {
        byte[] hash = Transcript.of(prefix + "fingerprint").add(key).hash().shared();
        return GROUP.matcher(HexFormat.of().formatHex(hash, 0, hash.length / 2)).replaceAll("$1-");
    }

    private byte[] check(byte[] key) {
        byte[] hash = Transcript.of(prefix + "check").add(key).hash().shared();
        return Arrays.copyOf(hash, CHECK_BYTES);
    }
}
