package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.DocumentationPage.Example;
import dev.tacita.cli.DocumentationPage.Row;
import dev.tacita.client.DatasetReader;
import dev.tacita.client.EgressFile;
import dev.tacita.client.EgressRecord.Departure;
import dev.tacita.client.SiteConfig;
import dev.tacita.client.SitePolicyReader;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.keys.KeyFile;
import dev.tacita.keys.TrustedKey;
import dev.tacita.keys.TrustedKeysFile;
import dev.tacita.region.RegionConfig;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.SigningIdentity;
import dev.tacita.server.AggregatorConfigReader;
import dev.tacita.wire.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class DocumentationTest {
    private static final Path EXAMPLES = Path.of("../fl-client/src/test/java/dev/tacita/client/examples");

    /** What the readers ask for, of each kind of file; to learn it takes thousands of files. */
    private static final Map<String, KeyProbe> PROBES = new ConcurrentHashMap<>();

    private final DocumentationPage page = DocumentationPage.read("docs/configuration.md");
    private final Path folder;

    /** Writes the files that the examples name. */
    DocumentationTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("api-token"), "0123456789abcdef");
        Files.writeString(
                folder.resolve("policy.yaml"), page.example("yaml", "policy").text());
        AggregatorKey aggregator = AggregatorKey.generate();
        KeyFile.create(folder.resolve("aggregator.key"), aggregator);
        KeyFile.create(folder.resolve("site.key"), SigningIdentity.generate());
        TrustedKeysFile.change(
                folder.resolve("trusted-keys.yaml"),
                keys -> keys.trustAggregator(new TrustedKey<>(aggregator.knownAs(), "")));
        Files.writeString(folder.resolve("heart.schema.yaml"), "");
        Files.writeString(folder.resolve("scans.schema.yaml"), "");
    }

    @Test
    void everyExampleSaysWhatItIs() {
        assertThat(page.examples("yaml"))
                .extracting(Example::mark)
                .contains("plan", "aggregator", "site", "region", "policy", "schema", "kafka")
                .doesNotContain("");
    }

    @Test
    void theReadersOfTheCommandTakeEveryExample() {
        for (Example example : page.examples("yaml")) {
            if (!example.mark().equals("kafka")) {
                assertThat(problems(example.mark(), example.text()))
                        .as(example.text())
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "aggregator", "site", "region", "policy", "schema csv", "schema idx", "schema png"})
    void theTablesHaveTheKeysThatTheReaderAsksForAndNoOthers(String kind) {
        KeyProbe probe = probe(kind);
        Set<String> known = new TreeSet<>(probe.asked());
        known.addAll(probe.offered());
        List<Row> rows = page.rows(kind);
        Set<String> documented = new LinkedHashSet<>();
        rows.forEach(row -> documented.addAll(row.paths()));
        assertThat(documented).as("keys of %s in the tables", kind).containsAll(known);
        assertThat(rows)
                .as("rows of %s whose key the reader knows", kind)
                .allMatch(row -> row.paths().stream().anyMatch(known::contains));
        String tables = page.tableText(kind);
        assertThat(probe.words()).as("words of %s", kind).allMatch(word -> tables.contains("`" + word + "`"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "aggregator", "site", "region", "policy", "schema csv", "schema idx", "schema png"})
    void theExamplesUseEveryKeyOfTheirSections(String kind) {
        KeyProbe probe = probe(kind);
        Set<String> used = new TreeSet<>(probe.needed().keySet());
        page.rows(kind).stream()
                .filter(row -> row.paths().stream().anyMatch(probe.needed()::containsKey))
                .forEach(row -> used.addAll(row.paths()));
        assertThat(used).containsAll(probe.asked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "aggregator", "site", "region", "policy", "schema csv", "schema idx", "schema png"})
    void whatTheTablesCallRequiredIsMissedAndNothingElseIs(String kind) {
        Map<String, Boolean> needed = probe(kind).needed();
        for (Row row : page.rows(kind)) {
            row.paths().stream()
                    .filter(needed::containsKey)
                    .forEach(path -> assertThat(needed.get(path))
                            .as("whether %s is missed in %s; the page says: %s", path, kind, row.defaults())
                            .isEqualTo(row.isRequired()));
        }
    }

    @Test
    void theKafkaSectionOfAnExampleReachesTheClientAndIsNotPrinted() throws IOException {
        Map<Object, Object> site = section(load(page.example("yaml", "site").text()));
        site.putAll(section(load(page.example("yaml", "kafka").text())));
        SiteConfig config = SiteConfig.read(write(dump(site)));
        assertThat(config.kafkaProperties())
                .containsEntry("security.protocol", "SASL_SSL")
                .hasEntrySatisfying("sasl.jaas.config", line -> assertThat(line).contains("CHANGE-ME"));
        assertThat(config.toString()).doesNotContain("CHANGE-ME");
    }

    @Test
    void theJavaOfTheReadmeIsPartOfACompiledExample() throws IOException {
        String example = lines(
                DocumentationPage.read("README.md").examples("java").get(0).text());
        StringBuilder compiled = new StringBuilder();
        try (var files = Files.list(EXAMPLES)) {
            for (Path file : files.toList()) {
                compiled.append(lines(Files.readString(file)));
            }
        }
        assertThat(example.lines().count()).isGreaterThan(3);
        assertThat(compiled.toString()).contains(example);
    }

    @Test
    void theScriptOfTheOperatorsPageFollowsTheChainOfAnEgressRecord() throws Exception {
        Path record = folder.resolve("egress.jsonl");
        try (EgressFile file = EgressFile.open(record)) {
            for (int i = 0; i < 3; i++) {
                file.note(new Departure(
                        Instant.EPOCH.plusSeconds(i),
                        "hello",
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        i,
                        Tensors.sha256(new float[i]),
                        Optional.empty(),
                        0));
            }
        }
        String script = DocumentationPage.read("docs/operations.md")
                .example("sh", "chain")
                .text();
        assertThat(shell(script)).contains("last hash: " + EgressFile.verify(record));
        Files.writeString(record, Files.readString(record).replace("\"bytes\":1", "\"bytes\":7"));
        assertThat(shell(script)).contains("line 3 does not follow").doesNotContain("last hash");
    }

    private KeyProbe probe(String kind) {
        return PROBES.computeIfAbsent(kind, this::learn);
    }

    private KeyProbe learn(String kind) {
        String mark = kind.replaceFirst(" .*", "");
        KeyProbe probe = new KeyProbe(file -> problems(mark, dump(file)));
        for (Example example : page.examples("yaml")) {
            Object file = load(example.text());
            if (example.mark().equals(mark)
                    && (!mark.equals("schema")
                            || kind.endsWith(" " + section(file).get("kind")))) {
                probe.learn(file);
            }
        }
        return probe;
    }

    private List<Problem> problems(String mark, String text) {
        try {
            read(mark, write(text));
            return List.of();
        } catch (ProblemsException e) {
            return e.problems();
        }
    }

    private static void read(String mark, Path file) {
        switch (mark) {
            case "plan" -> RunPlanReader.read(file);
            case "aggregator" -> AggregatorConfigReader.read(file);
            case "site" -> SiteConfig.read(file);
            case "region" -> RegionConfig.read(file);
            case "policy" -> SitePolicyReader.read(file);
            case "schema" -> DatasetReader.schema(file);
            default -> throw new AssertionError("no reader is known for examples marked '" + mark + "'");
        }
    }

    private Path write(String text) {
        try {
            return Files.writeString(folder.resolve("example.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String shell(String script) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    private static Object load(String text) {
        return new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    private static String dump(Object file) {
        return new Dump(DumpSettings.builder().build()).dumpToString(file);
    }

    private static Map<Object, Object> section(Object value) {
        return new LinkedHashMap<>((Map<?, ?>) value);
    }

    private static String lines(String text) {
        StringBuilder lines = new StringBuilder();
        text.lines().map(String::strip).forEach(line -> lines.append(line).append('\n'));
        return lines.toString();
    }
}
