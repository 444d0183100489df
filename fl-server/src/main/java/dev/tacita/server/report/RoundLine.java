package dev.tacita.server.report;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RoundSummed;
import dev.tacita.wire.Hash;
import dev.tacita.wire.RoundKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A closed try at a round, in one line: of {@code metrics.jsonl}, of a watched run, of the console.
 *
 * <p>The training loss is that of this round's work. Validation metrics are of the model that the round started from:
 * those of round 1 belong to the untrained model. Pooled metrics are sums over the sites that counted and share them,
 * added in the order of the sites' names; a site without examples adds nothing.
 *
 * @param place run, round and attempt
 * @param rounds how many the plan asks for
 * @param purpose training, or the final evaluation
 * @param classifies whether accuracy means anything; false for regression
 * @param outcome whether the quorum was met
 * @param asked how many sites were asked, or at work on an earlier round
 * @param counted the sites that answered, in the order of their names
 * @param missing why each other site did not count
 * @param model SHA-256 of the parameters after the round
 * @param bytes of the counted contributions on the wire
 * @param opened when the round began
 * @param closed when it ended
 * @param privacy what epsilons are stated for; empty if the run adds no noise
 * @param sum what the aggregator learnt under secure aggregation, where nobody's metrics are known and the pooled ones are its
 * @param epsilonOfModel what the models have revealed of each site so far, where the aggregator adds the noise
 */
public record RoundLine(
        RoundKey place,
        int rounds,
        Purpose purpose,
        boolean classifies,
        RoundOutcome outcome,
        int asked,
        List<Counted> counted,
        SortedMap<SiteId, String> missing,
        Hash model,
        long bytes,
        Instant opened,
        Instant closed,
        Optional<RunPrivacy> privacy,
        Optional<RoundSummed> sum,
        OptionalDouble epsilonOfModel) {
    public RoundLine {
        requireNonNull(place, "place is null");
        requireNonNull(purpose, "purpose is null");
        requireNonNull(outcome, "outcome is null");
        counted = counted.stream().sorted(Comparator.comparing(Counted::site)).toList();
        missing = Collections.unmodifiableSortedMap(new TreeMap<>(missing));
        requireNonNull(model, "model is null");
        requireNonNull(opened, "opened is null");
        requireNonNull(closed, "closed is null");
        requireNonNull(privacy, "privacy is null");
        requireNonNull(sum, "sum is null");
        requireNonNull(epsilonOfModel, "epsilonOfModel is null");
    }

    /** Of a round that was opened and closed. */
    public static RoundLine of(RunPlan plan, RoundOpened opened, Optional<RoundSummed> sum, RoundClosed closed) {
        return new RoundLine(
                closed.place(),
                plan.rounds(),
                opened.purpose(),
                plan.loss().classifies(),
                closed.outcome(),
                asked(opened, closed),
                closed.counted(),
                new TreeMap<>(closed.missing()),
                closed.model(),
                closed.contributionBytes(),
                opened.at(),
                closed.at(),
                RunPrivacy.of(plan),
                sum,
                closed.epsilon());
    }

    private static int asked(RoundOpened opened, RoundClosed closed) {
        int said = closed.counted().size()
                + closed.missing().size()
                + closed.atWork().size();
        return Math.max(opened.cohort().size(), said);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IllegalArgumentException if it is no line of a format that this version reads
     */
    public static RoundLine parse(String json) {
        return RoundLineJson.read(json);
    }

    /** One JSON object without line breaks: the same line gives the same text. */
    public String toJson() {
        return RoundLineJson.write(this);
    }

    /** Which run. */
    public RunId run() {
        return place.run();
    }

    /** Training metrics of this round's work, pooled; empty if no site shares them. */
    public Optional<Evaluation> training() {
        return sum.map(RoundSummed::training).orElseGet(() -> pooled(Counted::training));
    }

    /** Metrics on validation rows of the model that the round started from, pooled; empty if there are none. */
    public Optional<Evaluation> validation() {
        return sum.map(RoundSummed::validation).orElseGet(() -> pooled(Counted::validation));
    }

    /** Metrics on test rows, pooled; in the final evaluation only. */
    public Optional<Evaluation> test() {
        return sum.map(RoundSummed::test).orElseGet(() -> pooled(Counted::test));
    }

    /** Mean loss of the round: on test rows in the final evaluation, else on training rows. */
    public OptionalDouble loss() {
        return number(purpose == Purpose.EVALUATE ? test() : training(), Evaluation::loss);
    }

    /**
     * Fraction classified right: on test rows in the final evaluation, else on validation rows, or on training rows
     * where there are none. Empty for regression.
     */
    public OptionalDouble accuracy() {
        if (!classifies) {
            return OptionalDouble.empty();
        }
        return number(purpose == Purpose.EVALUATE ? test() : validation().or(this::training), Evaluation::accuracy);
    }

    /**
     * What the run has revealed so far: by the ledger of the aggregator where it adds the noise, else the largest that a site that
     * counted reports; rows of different sites are different rows. Empty if nothing was reported.
     */
    public OptionalDouble epsilon() {
        return epsilonOfModel.isPresent()
                ? epsilonOfModel
                : counted.stream()
                        .flatMapToDouble(site -> site.epsilon().stream())
                        .max();
    }

    /** From opening to closing, in seconds. */
    public double seconds() {
        return Duration.between(opened, closed).toMillis() / 1000.0;
    }

    /** One line for people, without line break, such as {@code round  7/15  loss 0.2134  accuracy 0.9561 ...}. */
    public String text() {
        return RoundText.of(this);
    }

    /** Those of one site, if it shares them and has examples. */
    static Optional<Evaluation> some(Optional<Evaluation> evaluation) {
        return evaluation.filter(it -> it.examples() > 0);
    }

    private Optional<Evaluation> pooled(Function<Counted, Optional<Evaluation>> which) {
        return counted.stream()
                .flatMap(site -> some(which.apply(site)).stream())
                .reduce(Evaluation::plus);
    }

    private static OptionalDouble number(Optional<Evaluation> evaluation, Function<Evaluation, Double> which) {
        return evaluation.map(it -> OptionalDouble.of(which.apply(it))).orElse(OptionalDouble.empty());
    }
}
