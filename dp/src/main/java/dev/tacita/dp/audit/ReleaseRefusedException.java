package dev.tacita.dp.audit;

/** Thrown if and only if an audit proved that what was trained does not have the epsilon that was claimed of it. */
public final class ReleaseRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ReleaseDecision.Refused refusal;

    ReleaseRefusedException(ReleaseDecision.Refused refusal) {
        super(refusal.sentence());
        this.refusal = refusal;
    }

    /** The figures. */
    public ReleaseDecision.Refused refusal() {
        return refusal;
    }
}
