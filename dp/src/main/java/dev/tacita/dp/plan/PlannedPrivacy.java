package dev.tacita.dp.plan;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.PrivacyTarget;
import dev.tacita.core.learning.PrivacyTarget.Noise;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.accounting.Accountant;
import dev.tacita.dp.accounting.Calibration;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Guarantee;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.accounting.PldAccountant;
import dev.tacita.dp.accounting.RdpAccountant;
import dev.tacita.dp.mechanism.GaussianMechanism;
import dev.tacita.dp.training.DpTrainer;
import java.util.Optional;
import java.util.function.DoubleFunction;

/**
 * What a plan's privacy comes to for a site with so many training rows. The same plan and number give the same: site,
 * aggregator and auditor agree on the noise without a message.
 *
 * <p>Guarantee: where the plan names an epsilon, all steps of all its rounds together stay at or below it. Rounds that are
 * repeated with fresh noise count on top of that.
 */
public final class PlannedPrivacy {
    /** Two updates of one site lie twice the clipping norm apart at most. */
    static final double SITES_APART = 2;

    private final PrivacyTarget target;
    private final NeighbouringRelation relation;
    private final long stepsOfRound;
    private final long rounds;
    private final double noiseMultiplier;
    private final Event step;

    private PlannedPrivacy(
            PrivacyTarget target,
            NeighbouringRelation relation,
            long stepsOfRound,
            long rounds,
            DoubleFunction<Event> event) {
        this.target = target;
        this.relation = relation;
        this.stepsOfRound = stepsOfRound;
        this.rounds = rounds;
        this.noiseMultiplier = noiseMultiplier(event);
        this.step = event.apply(noiseMultiplier);
    }

    /**
     * What the plan comes to; empty if it adds no noise.
     *
     * @param examples training rows of the site, at least 1; they count only where single rows are hidden
     * @throws IllegalArgumentException if no noise keeps to the plan's epsilon, or the numbers of a secure sum leave it no room
     */
    public static Optional<PlannedPrivacy> of(RunPlan plan, int examples) {
        requireNonNull(plan, "plan is null");
        if (examples < 1) {
            throw new IllegalArgumentException("examples must be >= 1. Provided value: " + examples);
        }
        PrivacySpec privacy = plan.privacy();
        if (privacy instanceof PrivacySpec.Examples each) {
            LocalWork work = plan.algorithm().work(1);
            long steps = ((Event.SelfComposed) DpTrainer.planned(work, examples, 1)).times();
            return Optional.of(new PlannedPrivacy(
                    each.target(),
                    NeighbouringRelation.ADD_OR_REMOVE_ONE,
                    steps,
                    plan.rounds(),
                    noise -> ((Event.SelfComposed) DpTrainer.planned(work, examples, noise)).event()));
        } else if (privacy instanceof PrivacySpec.Site site) {
            return Optional.of(ofSites(plan, site.target()));
        } else if (privacy instanceof PrivacySpec.Federation federation) {
            return Optional.of(
                    plan.protection() instanceof SecureAggregation secure
                            ? inShares(plan, federation, secure)
                            : addedByAggregator(plan, federation));
        }
        return Optional.empty();
    }

    private static PlannedPrivacy ofSites(RunPlan plan, PrivacyTarget target) {
        return ofSites(plan, target, noise -> new Event.Gaussian(noise / SITES_APART));
    }

    private static PlannedPrivacy ofSites(RunPlan plan, PrivacyTarget target, DoubleFunction<Event> event) {
        return new PlannedPrivacy(target, NeighbouringRelation.REPLACE_ONE, 1, plan.rounds(), event);
    }

    private static PlannedPrivacy addedByAggregator(RunPlan plan, PrivacySpec.Federation federation) {
        if (federation.clip() * SumNoise.ROUNDING > plan.encoding().limit()) {
            throw new IllegalArgumentException(
                    "encoding.limit must be above federation.clip: else whether a site can take part would depend on its"
                            + " rows, which no noise hides. Provided values: "
                            + plan.encoding().limit() + ", " + federation.clip());
        }
        return ofSites(plan, federation.target());
    }

    private static PlannedPrivacy inShares(
            RunPlan plan, PrivacySpec.Federation federation, SecureAggregation protection) {
        PlannedPrivacy planned = ofSites(
                plan,
                federation.target(),
                noise -> SharedNoise.terms(plan, federation, protection, noise).event());
        SharedNoise.checkRoom(plan, federation, protection, planned.noiseMultiplier());
        return planned;
    }

    private double noiseMultiplier(DoubleFunction<Event> event) {
        double multiplier = target.noise() instanceof Noise.Epsilon epsilon
                ? Calibration.noiseMultiplier(
                        accountant(), noise -> event.apply(noise).times(steps()), epsilon.target(), target.delta())
                : ((Noise.Multiplier) target.noise()).value();
        if (multiplier > GaussianMechanism.LARGEST_NOISE_MULTIPLIER) {
            throw new IllegalArgumentException("the noise multiplier must be <= "
                    + GaussianMechanism.LARGEST_NOISE_MULTIPLIER + "; plan fewer rounds, or a larger epsilon."
                    + " Provided value: " + multiplier);
        }
        return multiplier;
    }

    /** The accountant that the plan names. */
    public Accountant accountant() {
        return switch (target.accounting()) {
            case RDP -> new RdpAccountant(relation);
            case PLD -> new PldAccountant(relation);
        };
    }

    /** Which neighbours are held apart: two sets of rows where rows are hidden, two sites where sites are. */
    public NeighbouringRelation relation() {
        return relation;
    }

    /** Standard deviation of each step's noise as a multiple of the clipping norm. */
    public double noiseMultiplier() {
        return noiseMultiplier;
    }

    /** Steps with noise of their own in one round. */
    public long stepsOfRound() {
        return stepsOfRound;
    }

    /** Steps of all rounds. */
    public long steps() {
        return Math.multiplyExact(stepsOfRound, rounds);
    }

    /** What one step reveals. It holds for neighbours that {@link #relation} names. */
    public Event step() {
        return step;
    }

    /** What all rounds reveal together, at the plan's delta. */
    public Guarantee guarantee() {
        return after(rounds);
    }

    /** What such rounds reveal together, so many of them, at the plan's delta. */
    public Guarantee after(long roundsDone) {
        return of(step.times(Math.multiplyExact(stepsOfRound, roundsDone)));
    }

    /** What this reveals, at the plan's delta, by its accountant. */
    public Guarantee of(Event revealed) {
        return accountant().account(revealed).epsilon(target.delta());
    }
}
