package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

/**
 * Thrown if and only if a site was sent what an aggregator that follows the protocol never sends it. The site has given
 * up the attempt by then and wiped its secrets; names nothing that is secret.
 */
public class ProtocolViolationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The rule that was broken. */
    public enum Rule {
        /** The message belongs to other terms or other keys. */
        WRONG_CONTEXT,
        /** The message belongs to an earlier or later stage. */
        OUT_OF_ORDER,
        /** A second message of a stage differs from the first. */
        CHANGED_MESSAGE,
        /** The message is for another site. */
        NOT_FOR_ME,
        /** A site that is not in the cohort. */
        UNKNOWN_SITE,
        /** A site is named twice. */
        REPEATED_SITE,
        /** A key is there twice. */
        REPEATED_KEY,
        /** A key that is not a point, or one of small order. */
        INVALID_KEY,
        /** My own keys are not in the list. */
        MY_KEYS_MISSING,
        /** The list has other keys than mine under my name. */
        MY_KEYS_CHANGED,
        /** A site signed other terms: another model, cohort, threshold, round. */
        TERMS_DIFFER,
        /** A signature is not by the key that the registry has. */
        BAD_SIGNATURE,
        /** Fewer keys than a safe sum needs. */
        TOO_FEW_KEYS,
        /** Shares from one who has no keys in the list, or is not my neighbour. */
        SHARES_OF_STRANGER,
        /** Shares that were changed, made by another, or made for another. */
        SHARES_NOT_AUTHENTIC,
        /** Fewer sites shared their secrets than a safe sum needs. */
        TOO_FEW_SHARES,
        /** I contributed, and am not among the survivors: late, or cut off. */
        MYSELF_NAMED_DEAD,
        /** A survivor, or one dropped out, who never shared secrets. */
        ALREADY_DEAD,
        /** Fewer survivors than a safe sum needs. */
        TOO_FEW_SURVIVORS,
        /** The request's survivors are not those that I signed. */
        SURVIVORS_DIFFER,
        /** Fewer survivors signed the list than make it the only one. */
        TOO_FEW_SIGNATURES,
        /** Both secrets of one site are asked for, which would unmask it alone. */
        BOTH_SECRETS
    }

    private final Rule rule;

    ProtocolViolationException(Rule rule, String message) {
        super(message);
        this.rule = requireNonNull(rule, "rule is null");
    }

    /** The rule that was broken. */
    public Rule rule() {
        return rule;
    }
}
