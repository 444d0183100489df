package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import dev.tacita.config.Kinds;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.PrivacyTarget.Accounting;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.accounting.UnsupportedEventException;
import dev.tacita.dp.ledger.BudgetAccountant;
import dev.tacita.dp.ledger.PrivacyBudget;
import dev.tacita.dp.plan.PlannedPrivacy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How much noise a site asks for, and how much of each dataset it lets be revealed in all. */
public sealed interface PrivacyDemand {
    /** The weakest level of privacy that is taken part in. */
    PrivacyLevel least();

    /**
     * Every reason against this plan at a site with so many training rows; empty if there is none. What was spent before is
     * not looked at.
     */
    List<String> judge(RunPlan plan, int examples);

    /** The budget of each dataset, for ever; none if none is asked for. */
    Map<String, PrivacyBudget> budgets();

    /** Updates may leave without noise. No budget is kept, so that a plan which adds noise is refused: nobody would count it. */
    record NoneRequired() implements PrivacyDemand {
        @Override
        public PrivacyLevel least() {
            return PrivacyLevel.NONE;
        }

        @Override
        public List<String> judge(RunPlan plan, int examples) {
            PrivacyLevel level = plan.privacy().level();
            return level == PrivacyLevel.NONE
                    ? List.of()
                    : List.of("largest-epsilon: the policy has none, so that nothing counts what the plan's privacy '"
                            + Kinds.word(level) + "' spends");
        }

        @Override
        public Map<String, PrivacyBudget> budgets() {
            return Map.of();
        }
    }

    /**
     * Noise is required, and what it leaves to be seen is bounded. Every epsilon here is about one training row that is there or
     * not; where a plan hides all rows of a site at once, it is about that too.
     *
     * @param least the weakest level; above {@link PrivacyLevel#NONE}
     * @param ofARun the largest epsilon of one run, all its rounds together; above 0, finite
     * @param ofDatasets the largest epsilon of each dataset, all runs together; above 0, finite
     * @param delta at which they are stated; between 0 and 1, both excluded
     * @param accounting who counts
     */
    record Required(
            PrivacyLevel least,
            double ofARun,
            SortedMap<String, Double> ofDatasets,
            double delta,
            Accounting accounting)
            implements PrivacyDemand {
        public Required {
            requireNonNull(accounting, "accounting is null");
            if (least == PrivacyLevel.NONE) {
                throw new IllegalArgumentException("least-privacy must be above none where there is a largest-epsilon:"
                        + " an update without noise has none. Provided value: none");
            }
            positive("of-a-run", ofARun);
            ofDatasets = Collections.unmodifiableSortedMap(new TreeMap<>(ofDatasets));
            ofDatasets.forEach((dataset, epsilon) -> positive("of-datasets." + dataset, epsilon));
            if (!(delta > 0 && delta < 1)) {
                throw new IllegalArgumentException("delta must be > 0 and < 1; take less than one over the number of"
                        + " training rows. Provided value: " + delta);
            }
        }

        private static void positive(String name, double value) {
            if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(name + " must be > 0 and finite. Provided value: " + value);
            }
        }

        @Override
        public List<String> judge(RunPlan plan, int examples) {
            List<String> reasons = new ArrayList<>();
            PrivacyLevel level = plan.privacy().level();
            if (level.compareTo(least) < 0) {
                reasons.add("least-privacy: the policy asks for at least '" + Kinds.word(least) + "'; the plan's is '"
                        + Kinds.word(level) + "'");
            }
            if (examples > 0) {
                try {
                    PlannedPrivacy.of(plan, examples).ifPresent(planned -> {
                        double epsilon = epsilon(planned);
                        if (!(epsilon <= ofARun)) {
                            reasons.add(tooMuch(plan, examples, epsilon));
                        }
                    });
                } catch (IllegalArgumentException | UnsupportedEventException e) {
                    reasons.add("the plan's privacy cannot be had here: " + e.getMessage());
                }
            }
            return reasons;
        }

        private double epsilon(PlannedPrivacy planned) {
            return BudgetAccountant.valueOf(accounting.name())
                    .under(NeighbouringRelation.ADD_OR_REMOVE_ONE)
                    .account(planned.step().times(planned.steps()))
                    .epsilon(delta)
                    .epsilon();
        }

        private String tooMuch(RunPlan plan, int examples, double epsilon) {
            return String.format(
                    Locale.ROOT,
                    "largest-epsilon: the policy allows epsilon %s at delta %s in a run, counted by %s; the plan's %d rounds"
                            + " come to %.4g with this site's %d training rows",
                    ofARun,
                    delta,
                    Kinds.word(accounting),
                    plan.rounds(),
                    epsilon,
                    examples);
        }

        @Override
        public Map<String, PrivacyBudget> budgets() {
            Map<String, PrivacyBudget> budgets = new TreeMap<>();
            ofDatasets.forEach((dataset, epsilon) -> budgets.put(
                    dataset,
                    new PrivacyBudget(
                            epsilon,
                            delta,
                            NeighbouringRelation.ADD_OR_REMOVE_ONE,
                            BudgetAccountant.valueOf(accounting.name()))));
            return budgets;
        }
    }
}
