package dev.tacita.simulations;

import static dev.tacita.config.Kinds.file;
import static dev.tacita.config.Kinds.grid;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.longInteger;
import static dev.tacita.config.Kinds.map;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.path;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.text;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.config.Element;
import dev.tacita.config.Kind;
import dev.tacita.config.PlanKinds;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import dev.tacita.config.YamlFile;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.number.FixedPoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.function.LongFunction;

/** Reads a study from YAML, its data with it, so that all problems of both are reported at once. */
public final class StudyReader {
    private static final int MOST_ROUNDS = 1_000_000;
    private static final int MOST_RUNS = 1000;
    private static final int MOST_SITES = 1_000_000;
    private static final Kind<Double> FRACTION = number("> 0 and <= 1", value -> value > 0 && value <= 1);
    private static final Kind<Double> HOLD_OUT = number("> 0 and < 1", value -> value > 0 && value < 1);

    private final DataLoader loader;

    private StudyReader(DataLoader loader) {
        this.loader = loader;
    }

    /**
     * The study in this file.
     *
     * @param loader reads what its {@code data} section names
     * @throws ProblemsException with every problem of the study and of its data
     */
    public static Study read(Path file, DataLoader loader) {
        return YamlFile.read(file, new StudyReader(loader)::study);
    }

    private Value<Study> study(Section root) {
        Value<String> name = root.required("name", text());
        Value<List<Long>> seeds = root.required("seeds", list(longInteger(Long.MIN_VALUE, Long.MAX_VALUE)));
        Value<StudyData> data = root.required("data", section(this::data));
        Value<Map<String, LongFunction<Population>>> populations = populations(root, data, seeds);
        Value<ModelSpec> model = root.required("model", PlanKinds.model());
        Value<Loss> loss = root.required("loss", PlanKinds.loss());
        Value<Integer> rounds = root.required("rounds", integer(1, MOST_ROUNDS));
        Value<Double> fraction = root.optional("cohort-fraction", FRACTION, 1.0);
        Value<Map<String, StudyRun>> runs = root.required(
                "runs",
                named(grid(section((Section section) -> run(section, rounds, fraction, data)), MOST_RUNS))
                        .map(StudyReader::runs));
        Value<Integer> measureEvery = root.optional("measure-every", integer(1, MOST_ROUNDS), 1);
        Value<Optional<Double>> target = root.optional("stop-at-accuracy", FRACTION);
        Value<Integer> limit = root.optional("encoding-limit", integer(1, 1 << 20), FixedPoint.STANDARD.limit());
        Value<Published> published = root.optional("published", section(StudyReader::published), Published.NOTHING);
        return root.create(() -> {
            Study study = new Study(
                    name.get(),
                    model.get(),
                    loss.get(),
                    populations.get(),
                    runs.get(),
                    seeds.get(),
                    measureEvery.get(),
                    target.get().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                    new FixedPoint(FixedPoint.STANDARD.fractionBits(), limit.get()),
                    published.get(),
                    data.get().features());
            List<Problem> problems = new ArrayList<>(study.problems());
            if (data.get().lacksNumbers()) {
                study.runs().forEach((run, each) -> problems.addAll(needingNumbers(run, each.algorithm())));
            }
            if (!problems.isEmpty()) {
                throw new ProblemsException("the study", problems);
            }
            return study;
        });
    }

    private static Value<Published> published(Section section) {
        Value<String> source = section.required("source", text());
        Value<Map<String, Map<String, Published.Figure>>> figures =
                section.required("figures", map(map(section(StudyReader::publishedFigure))));
        return section.create(() -> new Published(source.get(), figures.get()));
    }

    private static Value<Published.Figure> publishedFigure(Section section) {
        Value<Optional<Double>> accuracy = section.optional("accuracy", FRACTION);
        Value<Optional<Double>> bestAccuracy = section.optional("best-accuracy", FRACTION);
        Value<Optional<Integer>> rounds = section.optional("rounds", integer(1, MOST_ROUNDS));
        return section.create(() -> new Published.Figure(
                accuracy.get().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                bestAccuracy.get().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                rounds.get().map(OptionalInt::of).orElse(OptionalInt.empty())));
    }

    /** Those of lists of numbers by the run's name and the numbers. */
    private static Map<String, StudyRun> runs(Map<String, Map<String, StudyRun>> grids) {
        Map<String, StudyRun> runs = new LinkedHashMap<>();
        grids.forEach((name, grid) ->
                grid.forEach((numbers, run) -> runs.put(numbers.isEmpty() ? name : name + " " + numbers, run)));
        if (runs.size() > MOST_RUNS) {
            throw new IllegalArgumentException("a study has at most " + MOST_RUNS
                    + " runs, each combination of the numbers of lists being one. Provided value: " + runs.size());
        }
        return runs;
    }

    private static List<Problem> needingNumbers(String run, FederatedAlgorithm algorithm) {
        return algorithm.trainsLayers()
                ? List.of(new Problem(
                        run,
                        algorithm.name() + " trains layers, which need every number of a row, and rows lack some.",
                        "Have the schema fill them in or drop such rows, or use boosted-trees."))
                : List.of();
    }

    /** A section whose free keys name files and columns of results. */
    private static <T> Kind<Map<String, T>> named(Kind<T> kind) {
        return element -> {
            Value<Map<String, T>> read = map(kind).read(element);
            return element.create(() -> {
                for (String name : read.get().keySet()) {
                    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,39}")) {
                        throw new IllegalArgumentException(
                                "a name must be 1 to 40 letters, digits, hyphens and underscores. Provided value: '"
                                        + name.replaceAll("[^ -~]", "?") + "'");
                    }
                }
                return read.get();
            });
        };
    }

    private Value<StudyData> data(Section section) {
        if (section.has("sites")) {
            Value<Map<String, LocalDataset>> sites = section.required("sites", map(section(this::site)));
            return section.create(() -> {
                Map<SiteId, LocalDataset> named = new LinkedHashMap<>();
                sites.get().forEach((site, dataset) -> named.put(new SiteId(site), dataset));
                return StudyData.OfSites.of(named);
            });
        }
        if (section.has("generated")) {
            Value<Generator> generator = section.required("generated", variant(GeneratorReader.GENERATORS));
            return section.create(() -> StudyData.OfSites.of(generator.get().generate()));
        }
        if (section.has("sites-by")) {
            return sitesByColumn(section);
        }
        Value<LocalDataset> rows = source(section);
        return section.create(() -> new StudyData.ToBeDealt(rows.get()));
    }

    /** One file in which a column names the site of each row. */
    private Value<StudyData> sitesByColumn(Section section) {
        Value<String> column = section.required("sites-by", text());
        Value<Path> schema = section.required("schema", file());
        Value<Optional<Path>> data = section.optional("data", path());
        Value<Optional<String>> regionColumn = section.optional("regions-by", text());
        return section.create(() -> {
            Map<SiteId, LocalDataset> sites = new LinkedHashMap<>();
            loader.loadBySite(schema.get(), data.get(), column.get()).forEach((name, dataset) -> {
                SiteId site = siteNamed(name);
                if (sites.put(site, dataset) != null) {
                    throw new IllegalArgumentException("two values of column '" + column.get()
                            + "' must not give the same name of a site. Provided value: '" + site + "' twice");
                }
            });
            Map<SiteId, String> regions = new LinkedHashMap<>();
            if (regionColumn.get().isPresent()) {
                loader.valuesBySite(
                                schema.get(),
                                data.get(),
                                column.get(),
                                regionColumn.get().get())
                        .forEach((name, values) -> regions.put(siteNamed(name), region(siteNamed(name), values)));
            }
            return StudyData.OfSites.of(sites, regions);
        });
    }

    private static String region(SiteId site, SortedSet<String> values) {
        if (values.size() != 1 || values.first().isBlank()) {
            throw new IllegalArgumentException(
                    "regions-by must name one region for all rows of a site. Provided values: " + values + " of site '"
                            + site + "'");
        }
        return values.first();
    }

    /** What a cell says, in the letters that names of sites have. */
    private static SiteId siteNamed(String cell) {
        String name =
                cell.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return new SiteId(name.isEmpty() ? "unnamed" : name.substring(0, Math.min(63, name.length())));
    }

    private Value<LocalDataset> site(Section section) {
        Value<LocalDataset> dataset = source(section);
        return section.create(() -> {
            if (dataset.get().train().size() == 0) {
                throw new IllegalArgumentException("a site must have at least one row to train on. Provided: none");
            }
            return dataset.get();
        });
    }

    private Value<LocalDataset> source(Section section) {
        return dataset(section, loader);
    }

    /** The keys {@code schema} and {@code data}. */
    static Value<LocalDataset> dataset(Section section, DataLoader loader) {
        Value<Path> schema = section.required("schema", file());
        Value<Optional<Path>> data = section.optional("data", path());
        return section.create(() -> loader.load(schema.get(), data.get()));
    }

    private static Value<Map<String, LongFunction<Population>>> populations(
            Section root, Value<StudyData> data, Value<List<Long>> seeds) {
        boolean natural = data.isReadable() && data.get() instanceof StudyData.OfSites;
        if (natural && root.has("populations")) {
            return root.required(
                    "populations", named(section((Section section) -> naturalPopulation(section, data, seeds))));
        }
        if (natural) {
            return root.create(() -> {
                Population sites = ((StudyData.OfSites) data.get()).population();
                Map<String, LongFunction<Population>> one = new LinkedHashMap<>();
                one.put("natural", seed -> sites);
                return one;
            });
        }
        Kind<Map<String, LongFunction<Population>>> kind = named(element -> population(element, data, seeds));
        if (!data.isReadable()) {
            // Whether there must be any depends on the data.
            Value<Optional<Map<String, LongFunction<Population>>>> some = root.optional("populations", kind);
            return root.create(() -> some.get().orElseGet(() -> {
                data.get();
                return Map.of();
            }));
        }
        return root.required("populations", kind);
    }

    private static Value<LongFunction<Population>> population(
            Element element, Value<StudyData> data, Value<List<Long>> seeds) {
        return section((Section section) -> {
                    Value<Integer> sites = section.required("sites", integer(1, MOST_SITES));
                    Value<Partition> partition = section.required("partition", variant(PartitionReader.PARTITIONS));
                    Value<Optional<Double>> heldOut = section.optional("hold-out", HOLD_OUT);
                    Value<List<Skew>> skews = SkewReader.read(section);
                    Value<Traits> traits = TraitReader.read(section);
                    return section.create(() -> {
                        LocalDataset rows = ((StudyData.ToBeDealt) data.get()).rows();
                        LongFunction<Population> dealt = seed -> heldOut.get()
                                .map(share -> Population.dealt(rows.train(), partition.get(), sites.get(), share, seed))
                                .orElseGet(() ->
                                        Population.dealt(rows.train(), rows.test(), partition.get(), sites.get(), seed))
                                .skewed(skews.get(), seed)
                                .with(traits.get(), seed);
                        List<Problem> problems =
                                partition.get().problemsWith(Rows.of(rows.train(), 0), sites.get()).stream()
                                        .map(why -> Problem.of("", why))
                                        .toList();
                        if (!problems.isEmpty()) {
                            throw new ProblemsException("the population", problems);
                        }
                        seeds.get().stream().map(dealt::apply).forEach(Population::requireRows);
                        return dealt;
                    });
                })
                .read(element);
    }

    /** Sites with data of their own, of which only traits are said. */
    private static Value<LongFunction<Population>> naturalPopulation(
            Section section, Value<StudyData> data, Value<List<Long>> seeds) {
        Value<List<Skew>> skews = SkewReader.read(section);
        Value<Traits> traits = TraitReader.read(section);
        return section.create(() -> {
            Population sites = ((StudyData.OfSites) data.get()).population();
            LongFunction<Population> population =
                    seed -> sites.skewed(skews.get(), seed).with(traits.get(), seed);
            seeds.get().stream().map(population::apply).forEach(Population::requireRows);
            return population;
        });
    }

    private Value<StudyRun> run(Section section, Value<Integer> rounds, Value<Double> fraction, Value<StudyData> data) {
        Value<FederatedAlgorithm> algorithm = section.required("algorithm", PlanKinds.simulatedAlgorithm());
        Value<Selection> selection =
                section.optional("selection", variant(SelectionReader.SELECTIONS), PlainSelection.UNIFORM);
        Value<Aggregation> rule =
                section.optional("aggregation", new AggregationReader(loader, data).rule(), new Mean());
        Value<Optional<Integer>> ownRounds = section.optional("rounds", integer(1, MOST_ROUNDS));
        Value<Optional<Double>> ownFraction = section.optional("cohort-fraction", FRACTION);
        Value<ProtectionSpec> protection =
                section.optional("protection", PlanKinds.protection(), new ProtectionSpec.Plain());
        Value<Optional<Integer>> quorum = section.optional("quorum", integer(1, MOST_SITES));
        Value<PrivacySpec> privacy = section.optional("privacy", PlanKinds.privacy(), new PrivacySpec.None());
        Value<Optional<Integer>> noiseCohort = section.optional("noise-cohort-size", integer(1, Integer.MAX_VALUE));
        return section.create(() -> new StudyRun(
                algorithm.get(),
                selection.get(),
                ownFraction.get().orElseGet(fraction::get),
                rule.get(),
                ownRounds.get().orElseGet(() -> algorithm.get().rounds().orElseGet(rounds::get)),
                protection.get(),
                quorum(quorum.get(), protection.get()),
                privacy.get(),
                noiseCohort.get().map(OptionalInt::of).orElse(OptionalInt.empty())));
    }

    private static int quorum(Optional<Integer> given, ProtectionSpec protection) {
        if (given.isEmpty() && !(protection instanceof ProtectionSpec.Plain)) {
            throw new IllegalArgumentException(
                    "quorum must be given with secure-aggregation: it is the smallest sum that the aggregator learns."
                            + " Provided: none");
        }
        return given.orElse(1);
    }
}
