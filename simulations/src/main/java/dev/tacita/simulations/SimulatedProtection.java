package dev.tacita.simulations;

import dev.tacita.core.Problem;
import dev.tacita.core.SiteId;
import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.EncodedUpdate;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.SeedStream;
import dev.tacita.secureagg.Modulus;
import dev.tacita.secureagg.PlannedTerms;
import dev.tacita.secureagg.SiteTraffic;
import dev.tacita.secureagg.SummedMetrics;
import dev.tacita.secureagg.VectorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a plan's protection makes of contributions: the whole numbers that are added, modulo 2^64, and the mean that their sum
 * stands for. For any thread.
 */
sealed interface SimulatedProtection {
    static SimulatedProtection of(RunPlan plan) {
        return plan.protection() instanceof SecureAggregation secure ? new Secure(plan, secure) : new Plain(plan);
    }

    /** How many numbers a sum has. */
    int sumSize();

    /**
     * Adds what leaves a site.
     *
     * @param noise the site's share of the noise, one for each value of the update, if it adds one
     * @param site whose draws decide which way values are rounded
     * @throws NotEncodableException with nothing added, if the plan's numbers do not hold it
     */
    void add(ClippedUpdate leaving, Optional<long[]> noise, long[] sum, SeedStream site);

    /**
     * The mean that a sum stands for.
     *
     * @param weight of all contributions in it
     */
    double[] mean(long[] sum, long weight);

    /** How many contributions there must be for a sum, where a round asked so many sites. */
    int leastContributions(int asked);

    /** What a site of such a cohort moves at most: names differ in length. */
    SiteBytes bytes(Population population, int cohort);

    /** Every reason why runs under it cannot be simulated; empty if they can. */
    List<Problem> problemsWith(Population population, Selection selection, Aggregation rule);

    private static int contributionSize(RunPlan plan) {
        return plan.algorithm().contributionSize(plan.model());
    }

    private static long modelBytes(RunPlan plan) {
        ServerState first =
                ServerState.first(plan.algorithm(), new float[plan.algorithm().parameters(plan.model())]);
        return (long) Float.BYTES
                * (first.parameters().length + plan.algorithm().shared(first).length);
    }

    /** Nothing hides contributions: their values are added in the run's fixed-point numbers. */
    record Plain(RunPlan plan) implements SimulatedProtection {
        @Override
        public int sumSize() {
            return contributionSize(plan);
        }

        @Override
        public void add(ClippedUpdate leaving, Optional<long[]> noise, long[] sum, SeedStream site) {
            EncodedUpdate encoded = leaving.encode(plan.encoding());
            for (int i = 0; i < sum.length; i++) {
                sum[i] += encoded.word(i);
            }
        }

        @Override
        public double[] mean(long[] sum, long weight) {
            double[] mean = new double[sum.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = plan.encoding().mean(sum[i], weight);
            }
            return mean;
        }

        @Override
        public int leastContributions(int asked) {
            return plan.quorum();
        }

        @Override
        public SiteBytes bytes(Population population, int cohort) {
            return new SiteBytes((long) Float.BYTES * contributionSize(plan), modelBytes(plan));
        }

        @Override
        public List<Problem> problemsWith(Population population, Selection selection, Aggregation rule) {
            return List.of();
        }
    }

    /**
     * The aggregator learns the sum of the quantised contributions alone. Their masks cancel in it exactly, so that they are left
     * out here; the sum is that of the protocol to the bit.
     */
    record Secure(RunPlan plan, SecureAggregation protection) implements SimulatedProtection {
        @Override
        public int sumSize() {
            return 1 + contributionSize(plan);
        }

        @Override
        public void add(ClippedUpdate leaving, Optional<long[]> noise, long[] sum, SeedStream site) {
            int[] numbers = leaving.quantize(
                            protection.quantization(), site.derive("rounding").random())
                    .numbersInTheClear();
            long[] hidden = new long[numbers.length];
            for (int i = 0; i < hidden.length; i++) {
                hidden[i] = numbers[i] + (i > 0 && noise.isPresent() ? noise.get()[i - 1] : 0);
                if (Math.abs(hidden[i]) > protection.quantization().largest()) {
                    throw new NotEncodableException("each number with its share of noise must be within +-"
                            + protection.quantization().largest() + ". One that is not is at index " + i);
                }
            }
            for (int i = 0; i < sum.length; i++) {
                sum[i] += hidden[i];
            }
        }

        @Override
        public double[] mean(long[] sum, long weight) {
            long total = number(sum[0]);
            double[] mean = new double[sum.length - 1];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = protection.quantization().mean(number(sum[1 + i]), total);
            }
            return mean;
        }

        private long number(long sum) {
            Modulus modulus = PlannedTerms.modulus(protection);
            return modulus.centred(modulus.element(sum));
        }

        @Override
        public int leastContributions(int asked) {
            return Math.max(plan.quorum(), protection.threshold(asked));
        }

        @Override
        public SiteBytes bytes(Population population, int cohort) {
            List<SiteId> longest = IntStream.range(0, population.size())
                    .mapToObj(population::site)
                    .sorted(Comparator.comparingInt(
                            (SiteId site) -> -site.value().length()))
                    .limit(cohort)
                    .toList();
            SiteTraffic traffic = SiteTraffic.of(
                    longest.get(0),
                    longest,
                    List.of(
                            new VectorSpec(
                                    PlannedTerms.UPDATE,
                                    sumSize(),
                                    PlannedTerms.modulus(protection),
                                    protection.quantization().bits()),
                            SummedMetrics.SPEC));
            return new SiteBytes(traffic.sent(), traffic.received() + modelBytes(plan));
        }

        @Override
        public List<Problem> problemsWith(Population population, Selection selection, Aggregation rule) {
            List<Problem> problems = new ArrayList<>();
            if (!(rule instanceof Mean)) {
                problems.add(new Problem(
                        "aggregation",
                        rule.name() + " looks at each update, and under secure aggregation there is their sum alone.",
                        "Use mean."));
            }
            if (selection.asksLosses()) {
                problems.add(new Problem(
                        "selection",
                        "it asks sites how large their losses are, which secure aggregation would hide.",
                        "Use uniform or by-size."));
            }
            if (plan.algorithm() instanceof FedBuff) {
                problems.add(
                        Problem.of(
                                "protection",
                                "the sites of a sum agree on keys before they train, and fedbuff's are not known until they have."));
                return problems;
            }
            long largest = IntStream.range(0, population.size())
                    .mapToLong(site -> plan.weight(population.rows(site)))
                    .max()
                    .orElseThrow();
            if (largest > protection.quantization().maxWeight()) {
                problems.add(Problem.of(
                        "protection.largest-weight",
                        "must be at least the rows of the largest site, " + largest + ", as live. Provided value: "
                                + protection.quantization().maxWeight() + "."));
            }
            RoundShape shape = RoundShape.of(plan.algorithm(), population);
            Set<Problem> ofCohorts = new LinkedHashSet<>();
            for (int cohort : new int[] {shape.smallestCohort(plan, selection), shape.largestCohort(plan, selection)}) {
                ofCohorts.addAll(protection.problemsWith(cohort, plan.quorum(), plan.privacy()));
            }
            problems.addAll(ofCohorts);
            return problems;
        }
    }
}
