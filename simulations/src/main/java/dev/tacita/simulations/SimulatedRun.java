package dev.tacita.simulations;

import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.aggregation.Updates;
import dev.tacita.core.learning.EncodedUpdate;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.learning.SiteAnswer;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.LossMoments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The rounds of one simulated run. For one thread, which has the workers to itself. */
final class SimulatedRun {
    private static final int ROWS_MEASURED_AT_ONCE = 1000;

    private final Simulation simulation;
    private final RunPlan plan;
    private final FederatedAlgorithm algorithm;
    private final Population population;
    private final Workers workers;
    private final int contributionSize;
    private final int siteMemorySize;
    private final Map<Integer, float[]> memories = new ConcurrentHashMap<>();
    private final CohortChooser chooser;
    private ServerState state;
    private double seconds;

    /** What one site of a cohort came to. */
    private record Answered(
            Evaluation training, long weight, float[] contribution, float[] memory, Optional<String> failure) {}

    SimulatedRun(Simulation simulation, Workers workers) {
        this.simulation = simulation;
        this.plan = simulation.plan();
        this.algorithm = plan.algorithm();
        this.population = simulation.population();
        this.workers = workers;
        float[] first =
                plan.model().layout().initialValues(SeedStream.of(plan.seed()).derive("initial-parameters"));
        this.state = ServerState.first(algorithm, first);
        this.contributionSize = algorithm.contributionSize(first.length);
        this.chooser = simulation.selection().begin(plan, population);
        this.siteMemorySize = algorithm.siteMemorySize(first.length);
    }

    SimulationResult run(RoundListener listener) throws InterruptedException {
        List<SimulatedRound> rounds = new ArrayList<>();
        for (int round = 1; round <= plan.rounds(); round++) {
            int[] cohort = chooser.cohort(round, reports(round));
            Attendance attendance =
                    Attendance.of(plan, population, round, cohort, algorithm.work(round), bytesOfARound());
            attendance.seconds().ifPresent(more -> seconds += more);
            Answered[] answers = answers(round, attendance.present());
            // With sites absent, a round below its quorum comes to nothing and the model stays as it is.
            Optional<String> failure = answers.length < Math.max(1, plan.quorum()) && answers.length < cohort.length
                    ? Optional.empty()
                    : step(round, answers);
            if (failure.isPresent()) {
                return new SimulationResult(rounds, state.parameters(), failure);
            }
            boolean measured = round % simulation.measureEvery() == 0 || round == plan.rounds();
            SimulatedRound done = new SimulatedRound(
                    round,
                    cohort.length,
                    (int) counted(answers).count(),
                    counted(answers).map(Answered::training).reduce(Evaluation.NONE, Evaluation::plus),
                    measured ? evaluations(population.tests()) : List.of(),
                    attendance.droppedOut(),
                    attendance.late(),
                    population.clock().isPresent() ? OptionalDouble.of(seconds) : OptionalDouble.empty(),
                    measured
                            ? evaluations(proofs()).stream().reduce(Evaluation.NONE, Evaluation::plus)
                            : Evaluation.NONE);
            rounds.add(done);
            if (!listener.goesOnAfter(done)) {
                break;
            }
        }
        return new SimulationResult(rounds, state.parameters(), Optional.empty());
    }

    private static Stream<Answered> counted(Answered[] answers) {
        return Arrays.stream(answers).filter(answer -> answer.failure().isEmpty());
    }

    private Answered[] answers(int round, int[] cohort) throws InterruptedException {
        workers.all().forEach(worker -> {
            if (worker.sum.length == contributionSize) {
                Arrays.fill(worker.sum, 0);
            } else {
                worker.sum = new long[contributionSize];
            }
        });
        int[] largestFirst = IntStream.range(0, cohort.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> -population.rows(cohort[i])))
                .mapToInt(Integer::intValue)
                .toArray();
        LocalWork work = algorithm.work(round);
        float[] shared = algorithm.shared(state);
        Answered[] answers = new Answered[cohort.length];
        workers.run(cohort.length, (worker, index) -> {
            int place = largestFirst[index];
            answers[place] = answer(worker, round, work, shared, cohort[place]);
        });
        for (int i = 0; i < cohort.length && siteMemorySize > 0; i++) {
            if (answers[i].failure().isEmpty()) {
                memories.put(cohort[i], answers[i].memory());
            }
        }
        return answers;
    }

    private Answered answer(Workers.Worker worker, int round, LocalWork work, float[] shared, int site)
            throws InterruptedException {
        SeedStream seeds = SeedStream.of(plan.seed())
                .derive("round")
                .derive(round)
                .derive("site")
                .derive(population.site(site).value());
        LocalTask task = new LocalTask(plan.model(), plan.loss(), work, state.parameters(), seeds);
        float[] memory = memory(site);
        SiteAnswer answer = answer(new SiteRound(task, memory, shared), worker.trainer, site);
        long weight = answer.contribution().weight();
        try {
            EncodedUpdate encoded = answer.contribution().withoutClipping().encode(plan.encoding());
            boolean kept = !(simulation.rule() instanceof Mean);
            if (!kept) {
                for (int i = 0; i < worker.sum.length; i++) {
                    worker.sum[i] += encoded.word(i);
                }
            }
            float[] values = kept ? answer.contribution().valuesInTheClear() : new float[0];
            return new Answered(answer.training(), weight, values, answer.memory(), Optional.empty());
        } catch (NotEncodableException e) {
            String why = population.site(site) + ": " + e.getMessage();
            return new Answered(answer.training(), weight, new float[0], memory, Optional.of(why));
        }
    }

    private SiteAnswer answer(SiteRound round, LocalTrainer trainer, int site) throws InterruptedException {
        Examples own = population.train(site);
        Optional<Attack> attack = population.attack(site);
        if (attack.isEmpty()) {
            return algorithm.answer(round, trainer, own);
        }
        SeedStream seeds = SeedStream.of(plan.seed())
                .derive("attack")
                .derive(population.site(site).value());
        Examples rows = attack.get().rows(own, Classes.count(plan.model(), plan.loss()), seeds);
        return attack.get().answer(algorithm, round, trainer, rows);
    }

    private long bytesOfARound() {
        long down = state.parameters().length + (long) algorithm.shared(state).length;
        return Float.BYTES * (down + contributionSize);
    }

    /** Goes to the next state, or says why there is none. */
    private Optional<String> step(int round, Answered[] answers) throws InterruptedException {
        int count = (int) counted(answers).count();
        if (count < Math.max(1, plan.quorum())) {
            return Optional.of("round " + round + " is below its quorum of " + plan.quorum() + ": " + count
                    + " contributions count"
                    + Arrays.stream(answers)
                            .flatMap(answer -> answer.failure().stream())
                            .findFirst()
                            .map(why -> "; " + why)
                            .orElse(""));
        }
        if (count < simulation.rule().leastUpdates()) {
            // The rule cannot say what the round came to, so that the model stays as it is.
            return Optional.empty();
        }
        ServerState next = algorithm.step(state, new RoundMean(mean(round, answers), round, count, population.size()));
        for (float[] values : List.of(next.parameters(), next.memory())) {
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    return Optional.of("round " + round + ": each new parameter must be finite. Provided value: "
                            + values[i] + " at index " + i + "; training has diverged");
                }
            }
        }
        state = next;
        return Optional.empty();
    }

    private double[] mean(int round, Answered[] answers) throws InterruptedException {
        Aggregation rule = simulation.rule();
        if (!(rule instanceof Mean)) {
            Updates updates = new Updates(
                    counted(answers).map(Answered::contribution).toList(),
                    counted(answers).mapToLong(Answered::weight).toArray());
            return rule.aggregate(
                    rule.rootRows().isPresent()
                            ? updates.withRoot(root(round, rule.rootRows().get()))
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
    private float[] root(int round, Examples rows) throws InterruptedException {
        SeedStream seeds =
                SeedStream.of(plan.seed()).derive("round").derive(round).derive("root");
        LocalTask task = new LocalTask(plan.model(), plan.loss(), algorithm.work(round), state.parameters(), seeds);
        SiteRound own = new SiteRound(task, new float[siteMemorySize], algorithm.shared(state));
        float[][] learnt = new float[1][];
        workers.run(
                1,
                (worker, index) -> learnt[index] = algorithm
                        .answer(own, worker.trainer, rows)
                        .contribution()
                        .valuesInTheClear());
        return learnt[0];
    }

    /** A part of one test set. */
    private record TestPart(int set, Examples rows) {}

    /** What each backdoor is measured on. */
    private List<Examples> proofs() {
        List<Examples> proofs = new ArrayList<>();
        for (Attack attack : population.attacks()) {
            if (attack instanceof Attack.Backdoor backdoor) {
                population.tests().forEach(test -> proofs.add(backdoor.proof(test)));
            }
        }
        return proofs;
    }

    private List<Evaluation> evaluations(List<Examples> sets) throws InterruptedException {
        List<TestPart> parts = new ArrayList<>();
        for (int set = 0; set < sets.size(); set++) {
            int size = sets.get(set).size();
            for (int from = 0; from < size; from += ROWS_MEASURED_AT_ONCE) {
                int[] rows = IntStream.range(from, Math.min(size, from + ROWS_MEASURED_AT_ONCE))
                        .toArray();
                parts.add(new TestPart(set, sets.get(set).select(rows)));
            }
        }
        LocalTask common = evaluation(state.parameters());
        Evaluation[] measured = new Evaluation[parts.size()];
        workers.run(parts.size(), (worker, index) -> {
            TestPart part = parts.get(index);
            LocalTask task = algorithm.isPersonal() ? evaluation(parametersAt(part.set() % population.size())) : common;
            measured[index] = worker.trainer.evaluate(task, part.rows());
        });
        Evaluation[] tests = new Evaluation[sets.size()];
        Arrays.fill(tests, Evaluation.NONE);
        for (int i = 0; i < measured.length; i++) {
            tests[parts.get(i).set()] = tests[parts.get(i).set()].plus(measured[i]);
        }
        return List.of(tests);
    }

    private SiteReports reports(int round) {
        return new SiteReports() {
            @Override
            public List<LossMoments> losses(int[] sites) throws InterruptedException {
                return SimulatedRun.this.losses(sites);
            }

            @Override
            public OptionalDouble seconds(int site) {
                return Attendance.seconds(plan, population, site, algorithm.work(round), bytesOfARound());
            }
        };
    }

    private List<LossMoments> losses(int[] sites) throws InterruptedException {
        LocalTask common = evaluation(state.parameters());
        LossMoments[] losses = new LossMoments[sites.length];
        workers.run(sites.length, (worker, index) -> {
            LocalTask task = algorithm.isPersonal() ? evaluation(parametersAt(sites[index])) : common;
            losses[index] = worker.trainer.losses(task, population.train(sites[index]));
        });
        return List.of(losses);
    }

    private LocalTask evaluation(float[] parameters) {
        return new LocalTask(
                plan.model(), plan.loss(), new LocalWork.Evaluate(), parameters, SeedStream.of(plan.seed()));
    }

    private float[] memory(int site) {
        return memories.getOrDefault(site, new float[siteMemorySize]);
    }

    private float[] parametersAt(int site) {
        return algorithm.parametersAtSite(plan.model(), state.parameters(), memory(site));
    }
}
