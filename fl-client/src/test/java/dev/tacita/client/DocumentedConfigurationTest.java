package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.config.RunPlanReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentedConfigurationTest {
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Path PAGE = Datasets.repository().resolve("docs/configuration.md");

    @Test
    void theDocumentedPlanAndModelRead() throws IOException {
        String plan = examples("loss:").get(0);
        assertThat(RunPlanReader.read("plan", plan).name()).isEqualTo("heart-disease");
        String graph = examples("nodes:").get(0);
        String chain = plan.substring(plan.indexOf("model:"), plan.indexOf("loss:"));
        assertThat(RunPlanReader.read("plan", plan.replace(chain, graph))
                        .model()
                        .output())
                .isEqualTo("answer");
    }

    @Test
    void theDocumentedSchemasRead(@TempDir Path folder) throws IOException {
        List<String> schemas = examples("kind:");
        assertThat(schemas).hasSize(3);
        for (String schema : schemas) {
            Path file = Files.writeString(folder.resolve("schema.yaml"), schema);
            assertThat(schema).startsWith("name: " + DatasetReader.schema(file).name() + "\n");
        }
    }

    private static List<String> examples(String key) throws IOException {
        return EXAMPLE.matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .filter(text -> text.contains(key))
                .toList();
    }
}
