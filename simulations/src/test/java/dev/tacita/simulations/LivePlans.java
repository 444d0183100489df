package dev.tacita.simulations;

import dev.tacita.client.ProtectionDemand;
import dev.tacita.client.SitePolicy;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.LocalDataset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans of every algorithm that runs live, and sites with rows for them. */
final class LivePlans {
    static final SitePolicy POLICY = SitePolicy.builder()
            .algorithms(RunPlanReader.algorithmNames().toArray(String[]::new))
            .layers("dense", "relu", "dropout", "batch-norm")
            .leastProtection(ProtectionDemand.PLAIN)
            .noPrivacyRequired()
            .smallestCohort(2)
            .datasets("sample")
            .largestRounds(100)
            .shareMetrics(true)
            .withholdClassBalance()
            .keepPersonalModels(false)
            .build();

    /** What each algorithm must be told beside how sites train. */
    private static final Map<String, String> OWN = Map.ofEntries(
            Map.entry("fedavg", ""),
            Map.entry("fedprox", ", mu: 0.1"),
            Map.entry("fedavgm", ", momentum: 0.9"),
            Map.entry("fedadam", ", server-learning-rate: 0.1"),
            Map.entry("fedyogi", ", server-learning-rate: 0.1"),
            Map.entry("fedadagrad", ", server-learning-rate: 0.1"),
            Map.entry("scaffold", ""),
            Map.entry("fednova", ""),
            Map.entry("feddyn", ", alpha: 0.1"),
            Map.entry("qfedavg", ", q: 0.5"),
            Map.entry("adafedprox", ", mu: 0.1"),
            Map.entry("fedbn", ""),
            Map.entry("fedper", ", personal-layers: [layer-4]"),
            Map.entry("ditto", ", lambda: 0.5"));

    private LivePlans() {}

    /**
     * Those whose live rounds have cohorts of one federation. What buffers hold live depends on who is fast; how regions do theirs
     * live, tests of regions hold to the simulation.
     */
    static List<String> algorithmsWithCohorts() {
        return RunPlanReader.algorithmNames().stream()
                .filter(name -> !name.equals("fedbuff") && !name.equals("hierarchical"))
                .toList();
    }

    static String training(String name, String own) {
        return name + ": {epochs: 2, batch-size: 8, optimizer: {sgd: {learning-rate: 0.05, momentum: 0.5}}" + own + "}";
    }

    private static String algorithm(String name) {
        return switch (name) {
            case "fedsgd" -> "fedsgd: {learning-rate: 0.5}";
            case "newton-raphson" -> "newton-raphson: {damping: 0.9, ridge: 0.01}";
            default -> training(name, Optional.ofNullable(OWN.get(name)).orElseThrow());
        };
    }

    /** Of the algorithm of this name, with a model that it can train. */
    static String plan(String name, double fraction) {
        return switch (name) {
            case "newton-raphson" -> plan(algorithm(name), fraction, "binary-cross-entropy-with-logits", """
                        - dense: {units: 1}
                    """);
            case "fedbn" -> plan(algorithm(name), fraction, "softmax-cross-entropy", """
                        - dense: {units: 7}
                        - batch-norm: {}
                        - relu
                        - dense: {units: 3}
                    """);
            default -> ofAlgorithm(algorithm(name), fraction);
        };
    }

    static String ofAlgorithm(String algorithm, double fraction) {
        return plan(algorithm, fraction, "softmax-cross-entropy", """
                    - dense: {units: 7}
                    - relu
                    - dropout: {rate: 0.2}
                    - dense: {units: 3}
                """);
    }

    private static String plan(String algorithm, double fraction, String loss, String layers) {
        return """
                name: same bits
                dataset: sample
                model:
                  input: [5]
                  layers:
                %s
                loss: %s
                algorithm:
                  %s
                rounds: 4
                cohort-fraction: %s
                quorum: 2
                sites: 6
                deadline: 30s
                protection: plain
                privacy: none
                seed: 11
                """.formatted(layers.stripTrailing(), loss, algorithm, fraction);
    }

    static Map<SiteId, LocalDataset> sites() {
        return sitesWith(3);
    }

    /** With rows that the algorithm's plan has a model for. */
    static Map<SiteId, LocalDataset> sites(String name) {
        return sitesWith(name.equals("newton-raphson") ? 2 : 3);
    }

    private static Map<SiteId, LocalDataset> sitesWith(int classes) {
        Map<SiteId, LocalDataset> sites = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            sites.put(
                    new SiteId("s" + i),
                    Samples.dataset(Samples.rows(20 + 13 * i, classes, i), Samples.rows(9, classes, 50 + i)));
        }
        return sites;
    }
}
