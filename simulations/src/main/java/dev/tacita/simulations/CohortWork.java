package dev.tacita.simulations;

import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.aggregation.Updates;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.EncodedUpdate;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.learning.SiteAnswer;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.number.SeedStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What sites make of the models that they are asked to train, and what becomes of their answers. For one thread. */
final class CohortWork {
    private final Simulation simulation;
    private final RunPlan plan;
    private final FederatedAlgorithm algorithm;
    private final Population population;
    private final Workers workers;
    private final SimulatedPrivacy privacy;
    private final int contributionSize;
    private final int siteMemorySize;
    private final Map<Integer, float[]> memories = new ConcurrentHashMap<>();

    /**
     * What a site is asked.
     *
     * @param site by index
     * @param number by which its draws are told from those of its other rounds
     * @param round whose work it does
     * @param from the state whose model it trains
     * @param steps that the aggregator took while it trained
     */
    record Asked(int site, int number, int round, ServerState from, int steps) {}

    /** What one site came to. */
    record Answered(Evaluation training, long weight, float[] contribution, float[] memory, Optional<String> failure) {
        boolean counts() {
            return failure.isEmpty();
        }
    }

    /** The state after a round, or why there is none. */
    record Stepped(ServerState state, Optional<String> failure) {}

    /** @param population all sites of the simulation, or a part of them */
    CohortWork(Simulation simulation, Population population, Workers workers) {
        this.simulation = simulation;
        this.plan = simulation.plan();
        this.algorithm = plan.algorithm();
        this.population = population;
        this.workers = workers;
        this.privacy = simulation.privacy();
        this.contributionSize = algorithm.contributionSize(plan.model());
        this.siteMemorySize = algorithm.siteMemorySize(algorithm.parameters(plan.model()));
    }

    /** What a site keeps. */
    float[] memory(int site) {
        return memories.getOrDefault(site, new float[siteMemorySize]);
    }

    /** How many bytes a site receives and sends. */
    long bytesOfARound(ServerState state) {
        long down = state.parameters().length + (long) algorithm.shared(state).length;
        return Float.BYTES * (down + contributionSize);
    }

    static Stream<Answered> counted(List<Answered> answers) {
        return answers.stream().filter(Answered::counts);
    }

    static Evaluation training(List<Answered> answers) {
        return counted(answers).map(Answered::training).reduce(Evaluation.NONE, Evaluation::plus);
    }

    /** The answers of a round, in order; their sum, under the mean, is in the workers until the next call. */
    List<Answered> answers(List<Asked> asked) throws InterruptedException {
        workers.all().forEach(worker -> {
            if (worker.sum.length == contributionSize) {
                Arrays.fill(worker.sum, 0);
            } else {
                worker.sum = new long[contributionSize];
            }
        });
        int[] largestFirst = IntStream.range(0, asked.size())
                .boxed()
                .sorted(Comparator.comparingInt(
                        i -> -population.rows(asked.get(i).site())))
                .mapToInt(Integer::intValue)
                .toArray();
        Answered[] answers = new Answered[asked.size()];
        workers.run(answers.length, (worker, index) -> {
            int place = largestFirst[index];
            answers[place] = answer(worker, asked.get(place));
        });
        for (int i = 0; i < answers.length && siteMemorySize > 0; i++) {
            if (answers[i].counts()) {
                memories.put(asked.get(i).site(), answers[i].memory());
            }
        }
        return List.of(answers);
    }

    private Answered answer(Workers.Worker worker, Asked asked) throws InterruptedException {
        int site = asked.site();
        SeedStream seeds = SeedStream.of(plan.seed())
                .derive("round")
                .derive(asked.number())
                .derive("site")
                .derive(population.site(site).value());
        LocalTask task = new LocalTask(
                plan.model(),
                plan.loss(),
                algorithm.work(asked.round()),
                asked.from().parameters(),
                seeds);
        float[] memory = memory(site);
        try {
            SiteAnswer answer = answer(new SiteRound(task, memory, algorithm.shared(asked.from())), worker, site);
            ModelUpdate contribution = algorithm instanceof FedBuff
                    ? FedBuff.weighed(answer.contribution(), asked.steps())
                    : answer.contribution();
            ClippedUpdate leaving = privacy.leaving(contribution);
            EncodedUpdate encoded = leaving.encode(plan.encoding());
            boolean kept = !(simulation.rule() instanceof Mean);
            if (!kept) {
                for (int i = 0; i < worker.sum.length; i++) {
                    worker.sum[i] += encoded.word(i);
                }
            }
            float[] values = kept ? leaving.valuesInTheClear() : new float[0];
            return new Answered(answer.training(), leaving.weight(), values, answer.memory(), Optional.empty());
        } catch (NotEncodableException e) {
            String why = population.site(site) + ": " + e.getMessage();
            return new Answered(Evaluation.NONE, 1, new float[0], memory, Optional.of(why));
        }
    }

    private SiteAnswer answer(SiteRound round, Workers.Worker worker, int site) throws InterruptedException {
        Examples own = population.train(site);
        Optional<Attack> attack = population.attack(site);
        if (attack.isEmpty()) {
            return algorithm.answer(round, privacy.trainer(worker, own.size()), own);
        }
        SeedStream seeds = SeedStream.of(plan.seed())
                .derive("attack")
                .derive(population.site(site).value());
        Examples rows = attack.get().rows(own, Classes.count(plan.model(), plan.loss()), seeds);
        return attack.get().answer(algorithm, round, worker.trainer, rows);
    }

    /** Goes to the next state with the last {@link #answers}. */
    Stepped step(ServerState from, int round, List<Answered> answers) throws InterruptedException {
        return step(from, round, answers, answers.size());
    }

    /** The same in a round that asked more sites than answered. */
    Stepped step(ServerState from, int round, List<Answered> answers, int asked) throws InterruptedException {
        int count = (int) counted(answers).count();
        if (count < Math.max(1, plan.quorum())) {
            return new Stepped(
                    from,
                    Optional.of("round " + round + " is below its quorum of " + plan.quorum() + ": " + count
                            + " contributions count"
                            + answers.stream()
                                    .flatMap(answer -> answer.failure().stream())
                                    .findFirst()
                                    .map(why -> "; " + why)
                                    .orElse("")));
        }
        if (count < simulation.rule().leastUpdates()) {
            // The rule cannot say what the round came to, so that the model stays as it is.
            return new Stepped(from, Optional.empty());
        }
        double[] mean = privacy.published(mean(from, round, answers), count, asked);
        ServerState next = algorithm.step(from, new RoundMean(mean, round, count, population.size()));
        for (float[] values : List.of(next.parameters(), next.memory())) {
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    return new Stepped(
                            from,
                            Optional.of("round " + round + ": each new parameter must be finite. Provided value: "
                                    + values[i] + " at index " + i + "; training has diverged"));
                }
            }
        }
        return new Stepped(next, Optional.empty());
    }

    private double[] mean(ServerState from, int round, List<Answered> answers) throws InterruptedException {
        Aggregation rule = simulation.rule();
        if (!(rule instanceof Mean)) {
            Updates updates = new Updates(
                    counted(answers).map(Answered::contribution).toList(),
                    counted(answers).mapToLong(Answered::weight).toArray());
            return rule.aggregate(
                    rule.rootRows().isPresent()
                            ? updates.withRoot(root(from, round, rule.rootRows().get()))
                            : updates);
        }
        long total = counted(answers).mapToLong(Answered::weight).sum();
        double[] mean = new double[contributionSize];
        for (int i = 0; i < mean.length; i++) {
            long sum = 0;
            for (Workers.Worker worker : workers.all()) {
                sum += worker.sum[i];
            }
            mean[i] = plan.encoding().mean(sum, total);
        }
        return mean;
    }

    /** What the aggregator itself makes of the round with its own rows. */
    private float[] root(ServerState from, int round, Examples rows) throws InterruptedException {
        SeedStream seeds =
                SeedStream.of(plan.seed()).derive("round").derive(round).derive("root");
        LocalTask task = new LocalTask(plan.model(), plan.loss(), algorithm.work(round), from.parameters(), seeds);
        SiteRound own = new SiteRound(task, new float[siteMemorySize], algorithm.shared(from));
        float[][] learnt = new float[1][];
        workers.run(
                1,
                (worker, index) -> learnt[index] = algorithm
                        .answer(own, worker.trainer, rows)
                        .contribution()
                        .valuesInTheClear());
        return learnt[0];
    }
}
