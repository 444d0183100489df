package dev.tacita.client;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.PrivacyTarget.Accounting;
import dev.tacita.core.learning.Protection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SitePolicyTest {
    private static final Map<String, String> AS_WRITTEN = Map.ofEntries(
            entry("dense", "dense: {units: 2}"),
            entry("conv2d", "conv2d: {filters: 2, kernel: 1}"),
            entry("max-pool2d", "max-pool2d: {kernel: 1}"),
            entry("avg-pool2d", "avg-pool2d: {kernel: 1}"),
            entry("adaptive-avg-pool2d", "adaptive-avg-pool2d: {size: 2}"),
            entry("group-norm", "group-norm: {groups: 1}"),
            entry("leaky-relu", "leaky-relu: {slope: 0.1}"),
            entry("elu", "elu: {alpha: 1.0}"),
            entry("dropout", "dropout: {rate: 0.5}"),
            entry("reshape", "reshape: {shape: [2, 1]}"),
            entry("transpose", "transpose: {permutation: [0]}"),
            entry("slice", "slice: {dimension: 0, from: 1, to: 2}"),
            entry("pad", "pad: {before: [1], after: [2]}"),
            entry("embedding", "embedding: {vocabulary: 5, width: 2}"),
            entry("lstm", "lstm: {units: 2}"),
            entry("gru", "gru: {units: 2}"),
            entry("self-attention", "self-attention: {heads: 2}"));

    private static final Set<String> OVER_SEQUENCES =
            Set.of("positional-embedding", "lstm", "gru", "self-attention", "instance-norm", "layer-norm");

    static List<String> chainable() {
        return RunPlanReader.layerNames().stream()
                .filter(name -> !List.of("add", "multiply", "concat").contains(name))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("chainable")
    void callsEachLayerAsPlansDo(String name) {
        String shape = name.contains("2d") || name.contains("pool")
                ? "[1, 2, 2]"
                : OVER_SEQUENCES.contains(name) ? "[3, 2]" : "[2]";
        String plan = Samples.PLAN
                .replace("input: [3]", "input: " + shape)
                .replaceAll("(?s)layers:.*loss:", "layers:\n    - " + AS_WRITTEN.getOrDefault(name, name) + "\nloss:");
        SitePolicy none = Samples.policy().layers().build();
        assertThat(none.judge(RunPlanReader.read("plan.yaml", plan)))
                .containsExactly("layers: the policy allows none; node 'layer-1' is '" + name + "'");
        SitePolicy only = Samples.policy().layers(name).build();
        assertThat(only.judge(RunPlanReader.read("plan.yaml", plan))).isEmpty();
    }

    @Test
    void hasNoDefaults() {
        assertThatThrownBy(() -> SitePolicy.builder().algorithms("fedavg").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a policy has no defaults. Not set: layers, leastProtection, noPrivacyRequired or privacy,"
                        + " smallestCohort, datasets, largestRounds or anyNumberOfRounds, shareMetrics, shareClassBalance or"
                        + " withholdClassBalance");
        assertThatThrownBy(() -> Samples.policy().smallestCohort(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("smallest-cohort must be >= 1. Provided value: 0");
        assertThat(Samples.policy().build().leastProtection()).isEqualTo(Protection.PLAIN);
    }

    @Test
    void readsHowMuchPrivacyIsAskedForAndEveryMistakeInIt(@TempDir Path folder) throws IOException {
        SitePolicy policy = read(folder, "least-privacy: examples", """
                largest-epsilon: {of-a-run: 1, of-datasets: {heart: 2}, delta: 0.001, accountant: pld}
                """);
        assertThat(policy.privacy())
                .isEqualTo(new PrivacyDemand.Required(
                        PrivacyLevel.EXAMPLES, 1, new TreeMap<>(Map.of("heart", 2.0)), 0.001, Accounting.PLD));
        assertThat(read(folder, "least-privacy: none", "").privacy()).isEqualTo(new PrivacyDemand.NoneRequired());
        assertThatThrownBy(() -> read(folder, "", "")).hasMessageContaining("least-privacy: a value is required");
        assertThatThrownBy(() -> read(folder, "least-privacy: site", ""))
                .hasMessageContaining("largest-epsilon: a value is required");
        assertThatThrownBy(() -> read(folder, "least-privacy: none", "largest-epsilon: {of-a-run: 1}"))
                .hasMessageContaining("largest-epsilon must go with a least-privacy above none");
        assertThatThrownBy(() -> read(
                        folder,
                        "least-privacy: site",
                        "largest-epsilon: {of-a-run: 0, of-datasets: {heart: .nan}, delta: 1}"))
                .hasMessageContaining("of-a-run: must be a number > 0. Provided value: '0'. 1 to 8 is usual.")
                .hasMessageContaining("of-datasets.heart: must be a number > 0. Provided value: '.nan'.")
                .hasMessageContaining(
                        "delta: must be a number > 0 and < 1. Provided value: '1'. Take less than one over");
        assertThatThrownBy(() -> read(
                        folder,
                        "least-privacy: site",
                        "largest-epsilon: {of-a-run: 1, of-datasets: {scans: 2}, delta: 0.001}"))
                .hasMessageContaining("of-datasets must name each dataset of the policy, and no other: heart."
                        + " Provided value: scans");
    }

    private static SitePolicy read(Path folder, String least, String largest) throws IOException {
        return SitePolicyReader.read(Files.writeString(folder.resolve("policy.yaml"), """
                datasets: [heart]
                algorithms: [fedavg]
                layers: [dense]
                least-protection: plain
                %s
                %s
                smallest-cohort: 1
                largest-rounds: any
                share-metrics: true
                share-class-balance: false
                """.formatted(least, largest)));
    }

    @Test
    void withholdsSmallCellsAndWhatWouldGiveThemAway() {
        ClassBalance shared = new ClassBalance.Shared(10);
        assertThat(shared.share(Map.of("a", 50L, "b", 40L, "c", 30L))).contains(Map.of("a", 50L, "b", 40L, "c", 30L));
        assertThat(shared.share(Map.of("a", 50L, "b", 40L, "c", 3L))).contains(Map.of("a", 50L));
        assertThat(shared.share(Map.of("a", 50L, "b", 7L, "c", 3L))).contains(Map.of("a", 50L));
        assertThat(shared.share(Map.of("a", 50L, "b", 40L, "c", 4L, "d", 3L)))
                .as("c and d would add up to 7")
                .contains(Map.of("a", 50L));
        assertThat(shared.share(Map.of("a", 50L, "b", 4L, "c", 3L))).isEmpty();
        assertThat(shared.share(Map.of("a", 50L, "b", 3L))).isEmpty();
        assertThat(shared.share(Map.of())).isEmpty();
        assertThat(new ClassBalance.Withheld().share(Map.of("a", 50L))).isEmpty();
        assertThatThrownBy(() -> new ClassBalance.Shared(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("smallest-count must be >= 2");
    }

    @Test
    void saysNothingFromWhichASmallCellFollows() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int attempt = 0; attempt < 300; attempt++) {
            int smallest = random.nextInt(2, 8);
            Map<String, Long> counts = new TreeMap<>();
            for (int i = random.nextInt(1, 5); i >= 0; i--) {
                counts.put("class " + i, random.nextLong(0, 15));
            }
            Map<String, Long> said =
                    new ClassBalance.Shared(smallest).share(counts).orElse(Map.of());
            long rest = counts.values().stream().mapToLong(Long::longValue).sum()
                    - said.values().stream().mapToLong(Long::longValue).sum();
            int held = counts.size() - said.size();
            String as = "seed " + seed + ", attempt " + attempt + ", " + counts + " from " + smallest + ": " + said;
            assertThat(said.values()).as(as).allMatch(count -> count >= smallest);
            if (held > 0 && !said.isEmpty()) {
                assertThat(held).as(as).isGreaterThanOrEqualTo(2);
                assertThat(rest).as(as).isGreaterThanOrEqualTo(smallest);
            }
        }
    }
}
