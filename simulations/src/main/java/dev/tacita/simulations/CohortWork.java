package dev.tacita.simulations;

import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.aggregation.Updates;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What sites are asked, and what becomes of their answers. For one thread. */
final class CohortWork {
    private static final float[] NOTHING = {};

    private final Simulation simulation;
    private final RunPlan plan;
    private final FederatedAlgorithm algorithm;
    private final PopulationPart population;
    private final Workers workers;
    private final SimulatedPrivacy privacy;
    private final SimulatedProtection protection;
    private final long bytes;
    private final boolean sitesKeep;
    private final Map<Integer, float[]> memories = new HashMap<>();
    private final Map<Integer, float[]> untilTheStep = new HashMap<>();

    /**
     * What a site is asked.
     *
     * @param site by index in the part
     * @param number by which its draws are told from those of its other rounds
     * @param round whose work it does
     * @param from the state whose model it trains
     * @param steps that the aggregator took while it trained
     */
    record Asked(int site, int number, int round, ServerState from, int steps) {}

    /**
     * What the sites of a round came to.
     *
     * @param each in the order in which they were asked
     * @param sum of those contributions that count, if the run's rule adds them; until the next round
     */
    record Answers(List<SiteAnswered> each, long[] sum) {
        static final Answers NONE = new Answers(List.of(), new long[0]);

        int size() {
            return each.size();
        }

        List<SiteAnswered> counted() {
            return each.stream().filter(SiteAnswered::counts).toList();
        }

        Evaluation training() {
            return counted().stream().map(SiteAnswered::training).reduce(Evaluation.NONE, Evaluation::plus);
        }
    }

    /** The state after a round, or why there is none. */
    record Stepped(ServerState state, OptionalDouble updateCosine, Optional<String> failure) {
        static Stepped none(ServerState stays, Optional<String> failure) {
            return new Stepped(stays, OptionalDouble.empty(), failure);
        }
    }

    /** @param population all sites of the simulation, or a part of them */
    CohortWork(Workshop workshop, PopulationPart population, Workers workers) {
        this.simulation = workshop.simulation();
        this.plan = simulation.plan();
        this.algorithm = plan.algorithm();
        this.population = population;
        this.workers = workers;
        this.privacy = workshop.privacy();
        this.protection = workshop.protection();
        this.bytes = simulation.siteBytes().total();
        this.sitesKeep = algorithm.siteMemorySize(algorithm.parameters(plan.model())) > 0;
    }

    /** What a site keeps of the rounds that came to something, by its index among all; empty if it keeps nothing. */
    float[] memory(int site) {
        return memories.getOrDefault(site, NOTHING);
    }

    /** How many bytes a site receives and sends. */
    long bytesOfARound() {
        return bytes;
    }

    /** How many contributions there must be for a round that asked so many sites to come to something. */
    int leastContributions(int asked) {
        return protection.leastContributions(asked);
    }

    /** The answers of a round. */
    Answers answers(List<Asked> asked) throws InterruptedException {
        List<ServerState> states = new ArrayList<>();
        IdentityHashMap<ServerState, Integer> places = new IdentityHashMap<>();
        List<SiteTraining> pieces = new ArrayList<>();
        for (Asked each : asked) {
            int from = places.computeIfAbsent(each.from(), state -> {
                states.add(state);
                return states.size() - 1;
            });
            int site = population.inAll(each.site());
            pieces.add(new SiteTraining(
                    site, population.rows(each.site()), each.number(), each.round(), from, each.steps(), memory(site)));
        }
        Workers.Done<SiteAnswered> done = workers.work(states, pieces);
        untilTheStep.clear();
        for (int i = 0; i < pieces.size() && sitesKeep; i++) {
            if (done.results().get(i).counts()) {
                untilTheStep.put(pieces.get(i).site(), done.results().get(i).memory());
            }
        }
        return new Answers(done.results(), done.sum());
    }

    /** Goes to the next state. */
    Stepped step(ServerState from, int round, Answers answers) throws InterruptedException {
        return step(from, round, answers, answers.size());
    }

    /** The same in a round that asked more sites than answered. */
    Stepped step(ServerState from, int round, Answers answers, int asked) throws InterruptedException {
        int count = answers.counted().size();
        int least = leastContributions(asked);
        if (count < least) {
            return Stepped.none(
                    from,
                    Optional.of("round " + round
                            + (least > plan.quorum() ? " is below the threshold of " : " is below its quorum of ")
                            + least + ": " + count + " contributions count"
                            + answers.each().stream()
                                    .map(SiteAnswered::failure)
                                    .filter(failure -> !failure.isEmpty())
                                    .findFirst()
                                    .map(why -> "; " + why)
                                    .orElse("")));
        }
        if (count < simulation.rule().leastUpdates()) {
            // The rule cannot say what the round came to, so that the model stays as it is.
            return Stepped.none(from, Optional.empty());
        }
        double[] inTheClear = mean(from, round, answers);
        int parameters = from.parameters().length;
        OptionalDouble cosine = UpdateCosine.of(
                answers.counted(),
                simulation.rule() instanceof Mean ? inTheClear : UpdateCosine.mean(answers.counted(), parameters),
                parameters);
        double[] mean = privacy.published(inTheClear, count, asked);
        ServerState next = algorithm.step(from, new RoundMean(mean, round, count, population.size()));
        for (float[] values : List.of(next.parameters(), next.memory())) {
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    return Stepped.none(
                            from,
                            Optional.of("round " + round + ": each new parameter must be finite. Provided value: "
                                    + values[i] + " at index " + i + "; training has diverged"));
                }
            }
        }
        memories.putAll(untilTheStep);
        return new Stepped(next, cosine, Optional.empty());
    }

    private double[] mean(ServerState from, int round, Answers answers) throws InterruptedException {
        Aggregation rule = simulation.rule();
        List<SiteAnswered> counted = answers.counted();
        if (!(rule instanceof Mean)) {
            Updates updates = new Updates(
                    counted.stream().map(SiteAnswered::update).toList(),
                    counted.stream().mapToLong(SiteAnswered::weight).toArray());
            return rule.aggregate(
                    rule.rootRows().isPresent()
                            ? updates.withRoot(root(from, round, rule.rootRows().get()))
                            : updates);
        }
        long total = counted.stream().mapToLong(SiteAnswered::weight).sum();
        return protection.mean(answers.sum(), total);
    }

    /** What the aggregator itself makes of the round with its own rows. */
    private float[] root(ServerState from, int round, Examples rows) throws InterruptedException {
        RootTraining piece = new RootTraining(round, rows.size());
        return workers.work(List.of(from), List.of(piece)).results().get(0);
    }
}
