package dev.tacita.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFileTest {
    private final Path folder;

    YamlFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    record Site(SiteId id, Path data, Duration patience, Map<String, String> kafka, Secret password) {}

    private static Value<Site> site(Section root) {
        var id = root.required("site", Kinds.text().map(SiteId::new));
        var data = root.required("data", Kinds.file());
        var patience =
                root.optional("patience", Kinds.duration(Duration.ZERO, Duration.ofHours(1)), Duration.ofSeconds(5));
        var kafka = root.required("kafka", Kinds.strings());
        var password = root.required("password", Kinds.secret());
        return root.create(() -> new Site(id.get(), data.get(), patience.get(), kafka.get(), password.get()));
    }

    @Test
    void aFileReadsWithItsPathsRelativeToItsFolder() throws IOException {
        Files.writeString(folder.resolve("rows.csv"), "a\n");
        Path file = Files.writeString(folder.resolve("site.yaml"), """
                site: north
                data: ./rows.csv
                kafka:
                  bootstrap.servers: localhost:9092
                  acks: all
                  linger.ms: 5
                  enable.idempotence: true
                password: hunter2
                """);
        Site site = YamlFile.read(file, YamlFileTest::site);
        assertThat(site.id()).isEqualTo(new SiteId("north"));
        assertThat(site.data()).isEqualTo(folder.resolve("rows.csv"));
        assertThat(site.patience()).isEqualTo(Duration.ofSeconds(5));
        assertThat(site.kafka())
                .containsExactly(
                        Map.entry("bootstrap.servers", "localhost:9092"),
                        Map.entry("acks", "all"),
                        Map.entry("linger.ms", "5"),
                        Map.entry("enable.idempotence", "true"));
        assertThat(site.password().reveal()).isEqualTo("hunter2");
    }

    @Test
    void allProblemsOfAFileComeAtOnceInTheOrderOfTheirPlaces() throws IOException {
        Path file = Files.writeString(folder.resolve("site.yaml"), """
                pasword: hunter2
                kafka:
                  servers: [hunter2]
                data: rows.csv
                site: North Hospital
                patience: 2h
                """);
        String missing = folder.resolve("rows.csv").toString();
        assertThat(problems(() -> YamlFile.read(file, YamlFileTest::site)))
                .containsExactly(
                        file + ":1:1 password: a value is required; there is no default.",
                        file + ":1:1 pasword: unknown key. Did you mean 'password'?",
                        file + ":3:12 kafka.servers: must be text.",
                        file + ":4:7 data: there is no such file. Provided value: '" + missing + "'.",
                        file
                                + ":5:7 site: site id must be 1 to 63 lower-case letters, digits and inner hyphens. Provided"
                                + " value: 'North Hospital'.",
                        file
                                + ":6:11 patience: must be a time such as 30s, 5m or 2h, from 0d to 1h. Provided value: '2h'.");
    }

    @Test
    void aSecretIsNeverShown() {
        assertThat(new Secret("hunter2")).hasToString("(secret)");
        String text = "kafka: {sasl.jaas.config: {password: hunter2}}\npassword: [hunter2]\nsite: @";
        assertThat(String.join("\n", problems(() -> YamlFile.read("site.yaml", text, YamlFileTest::site))))
                .doesNotContain("hunter2");
        String readable = text.replace("@", "north");
        assertThat(String.join("\n", problems(() -> YamlFile.read("site.yaml", readable, YamlFileTest::site))))
                .contains("password: must be text.")
                .doesNotContain("hunter2");
    }

    @Test
    void aFileThatIsNotThereOrNoTextIsNamedWithTheReason() throws IOException {
        Path absent = folder.resolve("absent.yaml");
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {'a', (byte) 0xff, (byte) 0xfe});
        Path empty = Files.writeString(folder.resolve("empty.yaml"), "# nothing\n");
        assertThat(problems(() -> YamlFile.read(absent, YamlFileTest::site)))
                .containsExactly(absent + ": there is no such file.");
        assertThat(problems(() -> YamlFile.read(folder, YamlFileTest::site)))
                .containsExactly(folder + ": this is a folder, not a file.");
        assertThat(problems(() -> YamlFile.read(binary, YamlFileTest::site)))
                .containsExactly(binary + ": the file must be UTF-8 text.");
        assertThat(problems(() -> YamlFile.read(empty, YamlFileTest::site)))
                .containsExactly(empty + ": the file is empty.");
    }

    @Test
    void textOfAStrangerIsBoundedInSizeDepthAndNumber() {
        String large = "name: " + "x".repeat(YamlFile.MAX_CHARACTERS);
        String deep = "[".repeat(10_000);
        String many = "[" + "1,".repeat(30_000) + "]";
        assertThat(problems(() -> text(large))).containsExactly("text: a file must have at most 262144 characters.");
        assertThat(problems(() -> text(deep))).containsExactly("text:1:33: sections must be nested at most 32 deep.");
        assertThat(problems(() -> text(many))).containsExactly("text:1:40000: a file must have at most 20000 values.");
    }

    @Test
    void aliasesAreRefusedSoThatNothingIsExpanded() {
        StringBuilder bomb = new StringBuilder("a1: &a1 [x, x]\n");
        for (int i = 2; i <= 30; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(problems(() -> text(bomb.toString())))
                .contains("text:1:5: anchors and aliases (& and *) are not allowed. Write the value out.")
                .hasSize(51);
    }

    @Test
    void textThatIsInNoFileCannotNameOne() {
        Function<Section, Value<Path>> reader = root -> root.required("data", Kinds.path());
        assertThat(problems(() -> YamlFile.read("text", "data: /etc/passwd", reader)))
                .containsExactly("text:1:7 data: a path is allowed in a file only.");
    }

    @Test
    void aTopLevelListIsNoSection() {
        assertThat(problems(() -> text("- a")))
                .containsExactly("text:1:1: must be a section of 'key: value' lines. Provided value: a list.");
    }

    @Test
    void anUnknownKeyFarFromAllShowsWhatIsKnown() {
        assertThat(problems(() -> text("name: a\ncolour: red")))
                .containsExactly("text:2:1 colour: unknown key. Known here: name, size.");
    }

    @Test
    void listsReportEachBadItem() {
        Function<Section, Value<List<Integer>>> reader = root -> root.required("n", Kinds.list(Kinds.integer(0, 9)));
        assertThat(YamlFile.read("text", "n: [1, 2]", reader)).containsExactly(1, 2);
        assertThat(problems(() -> YamlFile.read("text", "n: [1, 10, x]", reader)))
                .containsExactly(
                        "text:1:8 n[2]: must be a whole number from 0 to 9. Provided value: '10'.",
                        "text:1:12 n[3]: must be a whole number from 0 to 9. Provided value: 'x'.");
    }

    private static String text(String text) {
        Function<Section, Value<String>> reader = root -> {
            var name = root.required("name", Kinds.text());
            Value<Optional<Integer>> size = root.optional("size", Kinds.integer(1, 5));
            return root.create(() -> name.get() + size.get());
        };
        return YamlFile.read("text", text, reader);
    }

    private static List<String> problems(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        var exception = catchThrowableOfType(ProblemsException.class, reading);
        assertThat(exception).as("it must be refused").isNotNull();
        return exception.problems().stream().map(Problem::toString).toList();
    }
}
