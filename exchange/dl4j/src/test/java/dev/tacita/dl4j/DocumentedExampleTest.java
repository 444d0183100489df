package dev.tacita.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the code of docs/dl4j.md does. */
class DocumentedExampleTest {
    @BeforeAll
    static void needsNd4j() {
        Nd4jLibrary.assumed();
    }

    @Test
    void theExampleRuns(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("network.zip");
        ModelSerializer.writeModel(Networks.residual(false), file.toFile(), true);
        File there = folder.resolve("for-dl4j.zip").toFile();
        Dl4jModel read = Dl4jZip.standard().read(file, Shape.of(2, 12, 12));
        read.mapping().remarks().forEach(remark -> assertThat(remark).isNotEmpty());
        ModelSpec model = read.model();
        float[] parameters = read.parameters();
        Dl4jTrainer trainer = Dl4jTrainer.of(ModelSerializer.restoreComputationGraph(file.toFile()));
        ModelSpec standIn = Dl4jTrainer.standIn(read.mapping().dl4jSize());
        assertThat(trainer.problemsWith(standIn, read.mapping().loss().orElseThrow()))
                .isEmpty();
        ModelSpec plain = Dl4jModels.read(Networks.perceptron()).model();
        assertThat(plain.layout().size()).isEqualTo(111);
        ComputationGraph graph = Dl4jModels.write(
                plain,
                Dl4jModels.read(Networks.perceptron()).parameters(),
                read.mapping().loss().orElseThrow());
        ModelSerializer.writeModel(graph, there, false);
        assertThat(Files.size(there.toPath())).isPositive();
        assertThat(parameters).hasSize(model.layout().size());
    }
}
