package dev.tacita.server.report;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.AggregatorMessage.RunPaused;
import dev.tacita.wire.AggregatorMessage.RunResumed;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import dev.tacita.wire.AggregatorMessage.SiteRefused;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** The journal of a run that never was, as a real one looks: sites drop out, one refuses, a round falls below quorum. */
final class SampleHistory {
    /** As far as a site can go: its messages hold printable text only. */
    private static final String HOSTILE_SITE = "</script><img src=x onerror=alert(1)>\"'&{{data}}]]>";

    static final String HOSTILE = "</script><img src=x onerror=alert(1)>\"'&{{data}}\u202e\u0000\u2028]]>";
    private static final List<String> HOSPITALS =
            List.of("basel-university", "lyon-sud", "st-mary", "torino-molinette");
    private static final Position NOWHERE = new Position(List.of(0L));

    final RunId run = new RunId("breast-cancer-20260314-0915");
    final RunPlan plan;
    private final List<SiteId> sites = new ArrayList<>();
    private final List<AggregatorMessage> journal = new ArrayList<>();
    private final Random random;
    private final String reason;
    private Instant now = Instant.parse("2026-03-14T09:15:02Z");

    private SampleHistory(int siteCount, int rounds, double fraction, String name, String reason, long seed) {
        this.random = new Random(seed);
        this.reason = reason;
        for (int i = 0; i < siteCount; i++) {
            sites.add(new SiteId(
                    siteCount <= HOSPITALS.size() ? HOSPITALS.get(i) : String.format("hospital-%03d", i + 1)));
        }
        this.plan = plan(name, rounds, fraction, siteCount);
    }

    static RunPlan plan(String name, int rounds, double fraction, int sites) {
        ModelSpec model = ModelSpec.sequential(
                Shape.of(30),
                List.of(Layer.Dense.of(16), new Layer.Activation(new ActivationFunction.Relu()), Layer.Dense.of(1)));
        var training =
                new LocalWork.Train(OptimizerSpec.Sgd.of(0.05), new LocalWork.Extent.Epochs(2), OptionalInt.of(16));
        return new RunPlan(
                name,
                "breast-cancer",
                model,
                new Loss.BinaryCrossEntropyWithLogits(),
                new FedAvg(training, 1),
                rounds,
                fraction,
                fraction == 1 && sites > 1 ? sites - 1 : Math.max(1, (int) (sites * fraction / 2)),
                sites,
                Duration.ofSeconds(30),
                3,
                new ProtectionSpec.Plain(),
                new PrivacySpec.None(),
                FixedPoint.STANDARD,
                20260314);
    }

    /** Four hospitals, fifteen rounds. */
    static SampleHistory small() {
        return new SampleHistory(4, 15, 1, "Breast cancer, four hospitals", "no answer before the deadline", 7)
                .told("benign");
    }

    /** One hospital, two rounds. */
    static SampleHistory tiny() {
        return new SampleHistory(1, 2, 1, "Breast cancer, one hospital", "no answer before the deadline", 7)
                .told("benign");
    }

    /** Many sites, of which each round asks half. */
    static SampleHistory large(int sites, int rounds) {
        return new SampleHistory(sites, rounds, 0.5, "Breast cancer, a country", "no answer before the deadline", 7)
                .told("benign");
    }

    /** Whose texts are written by somebody who wants to break out of the page. */
    static SampleHistory hostile() {
        return new SampleHistory(4, 3, 1, HOSTILE, HOSTILE, 7).told(HOSTILE_SITE);
    }

    List<AggregatorMessage> journal() {
        return List.copyOf(journal);
    }

    RunHistory history() {
        return RunHistory.of(run, plan, journal);
    }

    private SampleHistory told(String firstClass) {
        Map<SiteId, Long> examples = new TreeMap<>();
        for (int i = 0; i < sites.size(); i++) {
            long count = 60L + random.nextInt(120);
            examples.put(sites.get(i), count);
            long benign = Math.round(count * (0.25 + 0.55 * random.nextDouble()));
            Optional<Map<String, Long>> classes = i % 9 == 2
                    ? Optional.empty()
                    : Optional.of(Map.of(firstClass, benign, "malignant", count - benign));
            var offer = new SiteMessage.DatasetOffer("breast-cancer", Optional.of(count), classes);
            tell(new SiteJoined(
                    new SiteMessage.Hello(sites.get(i), "s1", "0.1.0", List.of(offer)), NOWHERE, tick(0.3)));
        }
        tell(new RunOpened(run, planText(), "0.1.0", tick(2)));
        var guest = new SiteId("zz-research-lab");
        tell(new SiteRefused(
                new SiteMessage.Refusal(
                        guest,
                        run,
                        SiteMessage.Refusal.Kind.POLICY,
                        List.of(
                                reason.equals(HOSTILE)
                                        ? HOSTILE_SITE
                                        : "protection must be at least secure-aggregation. The plan has plain.")),
                NOWHERE,
                tick(0.2)));
        int rounds = plan.rounds();
        for (int round = 1; round <= rounds; round++) {
            if (round == Math.max(2, rounds / 2)) {
                round(round, 1, Purpose.TRAIN, true, examples);
                tell(new RunPaused(run, "Two of four sites answered; the quorum is 3: " + reason, tick(0.1)));
                tell(new RunResumed(run, tick(21)));
                round(round, 2, Purpose.TRAIN, false, examples);
            } else {
                round(round, 1, Purpose.TRAIN, false, examples);
            }
        }
        round(rounds + 1, 1, Purpose.EVALUATE, false, examples);
        tell(new RunEnded(
                run,
                RunEnded.RunOutcome.COMPLETED,
                "All rounds and the final test are done.",
                Optional.of(hash(rounds)),
                tick(0.2)));
        return this;
    }

    private void round(int round, int attempt, Purpose purpose, boolean fails, Map<SiteId, Long> examples) {
        var place = new RoundKey(run, round, attempt);
        List<SiteId> cohort = sites.stream()
                .filter(site -> purpose == Purpose.EVALUATE || random.nextDouble() < plan.cohortFraction())
                .toList();
        tell(new RoundOpened(
                place,
                purpose,
                cohort,
                hash(round - 1),
                plan.quorum(),
                now.plusSeconds(30),
                NOWHERE,
                now,
                cohort.size(),
                Optional.empty()));
        List<Counted> counted = new ArrayList<>();
        SortedMap<SiteId, String> missing = new TreeMap<>();
        for (SiteId site : cohort) {
            int index = sites.indexOf(site);
            boolean away = index % 7 == 3
                    && purpose == Purpose.TRAIN
                    && round % plan.rounds() > plan.rounds() / 2
                    && round % plan.rounds() < plan.rounds() * 2 / 3 + 1;
            if (away || (fails && index % 2 == 1) || (sites.size() > 12 && random.nextInt(60) == 0)) {
                missing.put(site, fails ? "left: " + reason : reason);
            } else {
                counted.add(counted(site, round, purpose, examples.getOrDefault(site, 1L)));
            }
        }
        tell(new RoundClosed(
                place,
                fails ? RoundOutcome.BELOW_QUORUM : RoundOutcome.COMPLETED,
                counted,
                missing,
                hash(fails ? round - 1 : Math.min(round, plan.rounds())),
                counted.size() * (purpose == Purpose.TRAIN ? 2_371L : 212L),
                tick(missing.isEmpty() ? 0.35 + 0.3 * random.nextDouble() : 30),
                OptionalDouble.empty(),
                Optional.empty()));
    }

    private Counted counted(SiteId site, int round, Purpose purpose, long examples) {
        double skew = 0.6 + 0.8 * (Math.floorMod(site.hashCode(), 97) / 96.0);
        double progress = Math.exp(-(round - 1) * 4.0 / plan.rounds());
        double loss = 0.07 * skew + 0.62 * progress * (0.92 + 0.16 * random.nextDouble()) + 0.02 * random.nextDouble();
        double wrong = Math.min(0.6, 0.035 * skew + 0.45 * progress * progress * (0.8 + 0.4 * random.nextDouble()));
        Optional<Evaluation> none = Optional.empty();
        if (purpose == Purpose.EVALUATE) {
            return new Counted(
                    site,
                    "s1",
                    0,
                    none,
                    none,
                    Optional.of(evaluation(examples / 4, loss, wrong)),
                    0.04,
                    OptionalDouble.empty());
        }
        return new Counted(
                site,
                "s1",
                examples,
                Optional.of(evaluation(2 * examples, loss * 0.9, wrong * 0.9)),
                Optional.of(evaluation(examples / 5 + 1, loss * 1.05, wrong)),
                none,
                0.2 + 0.1 * random.nextDouble(),
                OptionalDouble.empty());
    }

    private static Evaluation evaluation(long examples, double loss, double wrong) {
        return new Evaluation(examples, loss * examples, examples - Math.round(wrong * examples));
    }

    private String planText() {
        return "name: " + plan.name() + "\ndataset: breast-cancer\nrounds: " + plan.rounds()
                + "\nmodel:\n  - dense: 16\n  - relu\n  - dense: 1\nprotection: plain\n";
    }

    private Instant tick(double seconds) {
        now = now.plusMillis(Math.round(1000 * seconds));
        return now;
    }

    private void tell(AggregatorMessage message) {
        journal.add(message);
    }

    static Hash hash(int round) {
        return Hashes.of("model after round " + round);
    }
}
