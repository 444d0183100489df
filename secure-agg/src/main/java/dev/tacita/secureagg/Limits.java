package dev.tacita.secureagg;

/** Sizes that are the same in every message of this version. */
final class Limits {
    static final int HASH = 32;
    static final int SECRET = 32;
    static final int SHARE = Shamir.shareBytes(SECRET);
    static final int SEALED_SHARE = Seal.OVERHEAD + 2 * SHARE;

    private Limits() {}
}
