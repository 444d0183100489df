package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

/** Whether what was trained may be released under a claim, with the figures that decided. */
public sealed interface ReleaseDecision {
    /** What was claimed. */
    Claim claim();

    /** No proven bound contradicts the claim. That does not prove it. */
    record Allowed(Claim claim) implements ReleaseDecision {
        public Allowed {
            requireNonNull(claim, "claim is null");
        }
    }

    /**
     * The claim is wrong, but for the false alarm.
     *
     * @param bound the one that is furthest above what the claim allows
     * @param allowed the epsilon that the claim allows for the bound's neighbours
     * @param falseAlarm probability, at most, that any bound of the audit would refuse a true claim
     */
    record Refused(Claim claim, LowerBound bound, double allowed, double falseAlarm) implements ReleaseDecision {
        public Refused {
            requireNonNull(claim, "claim is null");
            requireNonNull(bound, "bound is null");
            if (!(bound.epsilon() > allowed)) {
                throw new IllegalArgumentException(
                        "a refusal needs a bound above " + allowed + ". Provided value: " + bound.epsilon());
            }
        }

        /** The refusal in one sentence. */
        public String sentence() {
            return "The audit shows an epsilon of at least " + bound.epsilon() + " at delta " + bound.delta() + " ("
                    + bound.relation() + "; " + bound.method() + "), above the " + allowed
                    + " that the claim of epsilon " + claim.epsilon() + " at delta " + claim.delta() + " ("
                    + claim.relation() + ") allows; the probability of a false alarm is at most " + falseAlarm + ".";
        }
    }
}
