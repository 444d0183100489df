package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.number.FixedPoint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * A grid of simulated runs: each population with each way of training with each seed.
 *
 * @param name for people
 * @param model what is trained
 * @param loss what training minimises
 * @param populations by name, at least one; each from a seed
 * @param runs by name, at least one
 * @param seeds at least one, no two alike
 * @param measureEvery after how many rounds models are measured, at least 1
 * @param target accuracy on all test rows together at which a run ends, above 0, at most 1; empty to do all rounds
 * @param encoding the numbers in which contributions are added
 * @param published what others report of the same study
 * @param features names of the numbers of an input, for people; empty where they have none
 */
public record Study(
        String name,
        ModelSpec model,
        Loss loss,
        Map<String, LongFunction<Population>> populations,
        Map<String, StudyRun> runs,
        List<Long> seeds,
        int measureEvery,
        OptionalDouble target,
        FixedPoint encoding,
        Published published,
        List<String> features) {
    public Study {
        features = List.copyOf(features);
        requireNonNull(name, "name is null");
        requireNonNull(model, "model is null");
        requireNonNull(loss, "loss is null");
        requireNonNull(encoding, "encoding is null");
        requireNonNull(published, "published is null");
        populations = Collections.unmodifiableMap(new LinkedHashMap<>(populations));
        runs = Collections.unmodifiableMap(new LinkedHashMap<>(runs));
        seeds = List.copyOf(seeds);
        if (populations.isEmpty() || runs.isEmpty() || seeds.isEmpty()) {
            throw new IllegalArgumentException("a study needs a population, a run and a seed. Provided values: "
                    + populations.size() + " populations, " + runs.size() + " runs, " + seeds.size() + " seeds");
        }
        Set<String> names = new LinkedHashSet<>(runs.keySet());
        runs.keySet().forEach(run -> names.add(Published.asWritten(run)));
        for (String population : published.figures().keySet()) {
            requireNamed("population", population, populations.keySet());
            for (String run :
                    published.figures().getOrDefault(population, Map.of()).keySet()) {
                requireNamed("run", run, names);
            }
        }
        if (seeds.stream().distinct().count() < seeds.size()) {
            throw new IllegalArgumentException("seeds must differ. Provided values: " + seeds);
        }
        if (measureEvery < 1) {
            throw new IllegalArgumentException("measure-every must be >= 1. Provided value: " + measureEvery);
        }
        if (target.isPresent() && !(target.getAsDouble() > 0 && target.getAsDouble() <= 1)) {
            throw new IllegalArgumentException(
                    "target must be an accuracy > 0 and <= 1. Provided value: " + target.getAsDouble());
        }
    }

    private static void requireNamed(String what, String name, Set<String> names) {
        if (!names.contains(name)) {
            throw new IllegalArgumentException("published figures must be of a " + what + " of the study, one of "
                    + String.join(", ", names) + ". Provided value: '"
                    + name.replaceAll("[^ -~]", "?") + "'");
        }
    }

    /** The grid, in the order in which it is run. */
    public List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String population : populations.keySet()) {
            for (String run : runs.keySet()) {
                for (long seed : seeds) {
                    cells.add(new Cell(population, run, seed));
                }
            }
        }
        return cells;
    }

    /**
     * One run of the grid, ready for a backend.
     *
     * @throws ProblemsException with every reason why it cannot be run
     */
    public Simulation simulation(Cell cell) {
        return simulation(cell, population(cell));
    }

    Population population(Cell cell) {
        return Optional.ofNullable(populations.get(cell.population()))
                .orElseThrow()
                .apply(cell.seed());
    }

    Simulation simulation(Cell cell, Population population) {
        StudyRun run = run(cell);
        int sites = run.protection() instanceof ProtectionSpec.Plain
                ? run.quorum()
                : RoundShape.of(run.algorithm(), population).smallestGroup();
        RunPlan plan = plan(run, Math.max(run.quorum(), sites), cell.seed());
        return new Simulation(plan, population, run.selection(), run.rule(), measureEvery, run.noiseCohortSize());
    }

    /** The way of training of a cell. */
    public StudyRun run(Cell cell) {
        return Optional.ofNullable(runs.get(cell.run())).orElseThrow();
    }

    /** Every reason why cells cannot be run; empty if all can. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        for (String population : populations.keySet()) {
            Population sites = Optional.ofNullable(populations.get(population))
                    .orElseThrow()
                    .apply(seeds.get(0));
            for (String run : runs.keySet()) {
                try {
                    simulation(new Cell(population, run, seeds.get(0)), sites);
                } catch (ProblemsException e) {
                    for (Problem problem : e.problems()) {
                        problems.add(new Problem(
                                population + ", " + run + ": " + problem.place(), problem.why(), problem.fix()));
                    }
                }
            }
        }
        return problems;
    }

    /** A name that two cells share only if their results are the same. */
    static String fingerprint(Simulation simulation, OptionalDouble target) {
        return fingerprint("2 " + simulation.plan() + " " + simulation.selection() + " " + simulation.rule() + " "
                + simulation.measureEvery() + " " + target + " "
                + (simulation.noiseCohortSize().isPresent() ? simulation.noiseCohortSize() + " " : "")
                + rowsFingerprint(simulation));
    }

    /** A name of the rows that sites and the rule train on. */
    static String rowsFingerprint(Simulation simulation) {
        return simulation.population().fingerprint()
                + simulation
                        .rule()
                        .rootRows()
                        .map(rows -> " " + Rows.of(rows, 0).fingerprint())
                        .orElse("");
    }

    /** A short name of a text. */
    static String fingerprint(String all) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A plan for a simulation, in which what only a live run needs is filled in. */
    public static RunPlan plan(
            ModelSpec model, Loss loss, FederatedAlgorithm algorithm, int rounds, double cohortFraction, long seed) {
        StudyRun run = new StudyRun(
                algorithm,
                PlainSelection.UNIFORM,
                cohortFraction,
                new Mean(),
                rounds,
                new ProtectionSpec.Plain(),
                1,
                new PrivacySpec.None(),
                OptionalInt.empty());
        return plan(model, loss, FixedPoint.STANDARD, run, 1, seed);
    }

    private RunPlan plan(StudyRun run, int sites, long seed) {
        return plan(model, loss, encoding, run, sites, seed);
    }

    private static RunPlan plan(ModelSpec model, Loss loss, FixedPoint encoding, StudyRun run, int sites, long seed) {
        return new RunPlan(
                "simulation",
                "simulated",
                model,
                loss,
                run.algorithm(),
                run.rounds(),
                run.cohortFraction(),
                run.quorum(),
                sites,
                Duration.ofHours(1),
                0,
                run.protection(),
                run.privacy(),
                encoding,
                seed);
    }
}
