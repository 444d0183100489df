package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.NeighbouringRelation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The figures of an audit, and what follows from them for a release.
 *
 * @param subject what was audited, for its readers
 * @param attacks what each attack achieved
 * @param bounds what was proved of epsilon, or would be under an assumption
 */
public record AuditReport(String subject, List<AttackFigures> attacks, List<LowerBound> bounds) {
    public AuditReport {
        requireNonNull(subject, "subject is null");
        attacks = List.copyOf(attacks);
        bounds = List.copyOf(bounds);
    }

    /** The largest epsilon that was proved; empty if nothing was tried that proves one. */
    public Optional<LowerBound> strongest() {
        return bounds.stream().filter(LowerBound::proven).max(Comparator.comparingDouble(LowerBound::epsilon));
    }

    /** Probability, at most, that any of the proven bounds is above the truth: the sum of theirs. */
    public double falseAlarm() {
        return Math.min(
                1,
                bounds.stream()
                        .filter(LowerBound::proven)
                        .mapToDouble(LowerBound::falseAlarm)
                        .sum());
    }

    /**
     * The release rule: refused if a proven bound is above what the claim allows for the bound's neighbours.
     *
     * @throws IllegalArgumentException naming each proven bound that says nothing about such a claim: of a smaller delta, or
     *     of a presence where the claim is about a replacement; or if there is none
     */
    public ReleaseDecision decide(Claim claim) {
        List<String> unfit = new ArrayList<>();
        List<ReleaseDecision.Refused> refusals = new ArrayList<>();
        for (LowerBound bound : bounds) {
            if (!bound.proven()) {
                continue;
            }
            Claim allowed = bound.relation() == NeighbouringRelation.REPLACE_ONE ? claim.forReplacing() : claim;
            if (allowed.relation() != bound.relation()) {
                unfit.add("a bound for neighbours that " + bound.relation()
                        + " says nothing about a claim for those that " + claim.relation());
            } else if (bound.delta() < allowed.delta()) {
                unfit.add("a bound at delta " + bound.delta() + " says nothing about a claim that allows "
                        + allowed.delta() + " for neighbours that " + bound.relation());
            } else if (bound.epsilon() > allowed.epsilon()) {
                refusals.add(new ReleaseDecision.Refused(claim, bound, allowed.epsilon(), falseAlarm()));
            }
        }
        if (!unfit.isEmpty()) {
            throw new IllegalArgumentException("the claim cannot be judged: " + String.join("; ", unfit) + ".");
        }
        if (strongest().isEmpty()) {
            throw new IllegalArgumentException("the claim cannot be judged: the audit has no proven bound.");
        }
        return refusals.stream()
                .max(Comparator.comparingDouble(refusal -> refusal.bound().epsilon() - refusal.allowed()))
                .<ReleaseDecision>map(refusal -> refusal)
                .orElseGet(() -> new ReleaseDecision.Allowed(claim));
    }

    /**
     * Lets a release pass.
     *
     * @throws ReleaseRefusedException if {@link #decide} refuses it
     * @throws IllegalArgumentException as {@link #decide}
     */
    public void requireRelease(Claim claim) {
        if (decide(claim) instanceof ReleaseDecision.Refused refused) {
            throw new ReleaseRefusedException(refused);
        }
    }
}
