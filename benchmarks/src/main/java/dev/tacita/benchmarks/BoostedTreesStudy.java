package dev.tacita.benchmarks;

import dev.tacita.client.CsvSchema;
import dev.tacita.client.DatasetReader;
import dev.tacita.client.SiteDataset;
import dev.tacita.client.Split;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.Models;
import dev.tacita.core.trees.BoostedTrees;
import dev.tacita.core.trees.TreeEnsemble;
import dev.tacita.core.trees.XgboostJson;
import dev.tacita.simulations.Backend;
import dev.tacita.simulations.Population;
import dev.tacita.simulations.RoundListener;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.SimulationResult;
import dev.tacita.simulations.Study;
import dev.tacita.simulations.ThreadBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Grows trees at four hospitals for many splits of their rows, and writes rows, predictions and ensembles for a peer. */
@Command(
        name = "trees",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Writes, for each split of the hospitals' rows, its rows with what the federated trees predict, and the"
                        + " ensemble as XGBoost's JSON. benchmarks/peers/trees compares them.")
public final class BoostedTreesStudy implements Callable<Integer> {
    private static final Map<String, String> HOSPITALS = new LinkedHashMap<>();

    static {
        HOSPITALS.put("cleveland", "cleveland.csv");
        HOSPITALS.put("hungary", "hungarian.csv");
        HOSPITALS.put("switzerland", "switzerland.csv");
        HOSPITALS.put("virginia", "va.csv");
    }

    @Option(names = "--data", required = true, description = "Folder with the hospitals' files.")
    private Path data = Path.of(".");

    @Option(names = "--schema", required = true, description = "What the files look like.")
    private Path schema = Path.of(".");

    @Option(names = "--out", required = true, description = "Folder for what is written.")
    private Path out = Path.of(".");

    @Option(names = "--splits", defaultValue = "20", description = "How many splits, by seeds from 43 on.")
    private int splits;

    @Option(names = "--trees", defaultValue = "50", description = "Trees of an ensemble.")
    private int trees;

    @Option(names = "--depth", defaultValue = "3", description = "Depth of a tree.")
    private int depth;

    @Option(names = "--bins", defaultValue = "64", description = "Bins of an input.")
    private int bins;

    @Option(names = "--learning-rate", defaultValue = "0.1", description = "Factor of each leaf.")
    private double learningRate;

    @Option(names = "--lambda", defaultValue = "1", description = "Penalty on leaves.")
    private double lambda;

    @Option(names = "--smallest-node", defaultValue = "1", description = "Least rows of a node.")
    private int smallestNode;

    private BoostedTreesStudy() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BoostedTreesStudy()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(out);
        BoostedTrees algorithm = new BoostedTrees(trees, depth, bins, learningRate, lambda, 0, 1, smallestNode, 3);
        try (Backend backend = new ThreadBackend(2)) {
            for (int seed = 43; seed < 43 + splits; seed++) {
                study(backend, algorithm, seed);
            }
        }
        return 0;
    }

    private void study(Backend backend, BoostedTrees algorithm, int seed) throws IOException, InterruptedException {
        Map<SiteId, SiteDataset> sites = new LinkedHashMap<>();
        for (Map.Entry<String, String> hospital : HOSPITALS.entrySet()) {
            sites.put(new SiteId(hospital.getKey()), split(seed).load(data.resolve(hospital.getValue())));
        }
        SiteDataset any = sites.values().iterator().next();
        Loss loss = new Loss.BinaryCrossEntropyWithLogits();
        int rounds = algorithm.rounds().orElseThrow();
        var plan = Study.plan(Models.logisticRegression(any.inputShape().size(), 1), loss, algorithm, rounds, 1, 42);
        SimulationResult result =
                backend.run(new Simulation(plan, Population.natural(sites)), RoundListener.ALL_ROUNDS);
        TreeEnsemble ensemble = algorithm.ensemble(loss, result.parameters());
        Files.writeString(out.resolve("split-" + seed + ".json"), XgboostJson.of(ensemble, any.features()));
        List<String> lines = new ArrayList<>();
        lines.add("part,site," + String.join(",", any.features()) + ",target,prediction");
        sites.forEach((site, rows) -> {
            lines.addAll(lines("train," + site, rows.train(), ensemble));
            lines.addAll(lines("test," + site, rows.test(), ensemble));
        });
        Files.write(out.resolve("split-" + seed + ".csv"), lines);
    }

    private CsvSchema split(int seed) {
        CsvSchema csv = (CsvSchema) DatasetReader.schema(schema);
        Split own = csv.split();
        return new CsvSchema(
                csv.name(),
                csv.data(),
                csv.columns(),
                csv.ignored(),
                csv.target(),
                csv.missingTokens(),
                csv.standardise(),
                new Split(own.train(), own.validation(), own.test(), seed, own.stratify()));
    }

    private static List<String> lines(String start, Examples rows, TreeEnsemble ensemble) {
        List<String> lines = new ArrayList<>();
        float[] input = new float[rows.inputShape().size()];
        float[] target = new float[1];
        for (int row = 0; row < rows.size(); row++) {
            rows.copyInput(row, input, 0);
            rows.copyTarget(row, target, 0);
            StringBuilder line = new StringBuilder(start);
            for (float value : input) {
                line.append(',').append(value);
            }
            lines.add(line.append(',')
                    .append(target[0])
                    .append(',')
                    .append(ensemble.predict(input)[0])
                    .toString());
        }
        return lines;
    }
}
