package dev.tacita.server.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainedModelTest {
    private static final ModelSpec SMALL =
            ModelSpec.sequential(Shape.of(2), List.of(new Layer.Dense(1, true, Initializer.ZEROS)));

    private final Path file;

    TrainedModelTest(@TempDir Path folder) {
        file = folder.resolve("model.safetensors");
    }

    private static RunPlan plan(ModelSpec model) {
        RunPlan it = SampleHistory.plan("demo", 3, 1, 4);
        return new RunPlan(
                it.name(),
                it.dataset(),
                model,
                it.loss(),
                it.algorithm(),
                it.rounds(),
                it.cohortFraction(),
                it.quorum(),
                it.sites(),
                it.deadline(),
                it.retries(),
                it.protection(),
                it.privacy(),
                it.encoding(),
                it.seed());
    }

    private static TrainedModel small() {
        return new TrainedModel(new RunId("demo"), "demo", 3, SMALL, new float[] {1f, -2f, 0.5f});
    }

    @Test
    void aModelReadsBackBitByBit() throws IOException {
        long seed = 20260314;
        var random = new Random(seed);
        ModelSpec spec = ModelSpec.sequential(Shape.of(300), List.of(Layer.Dense.of(200), Layer.Dense.of(7)));
        float[] parameters = new float[spec.layout().size()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = Float.intBitsToFloat(random.nextInt());
        }
        var model = new TrainedModel(new RunId("demo"), "demo", 3, spec, parameters);
        model.write(file);
        TrainedModel read = TrainedModel.read(file, plan(spec));
        assertThat(bits(read.parameters())).as("seed %d", seed).isEqualTo(bits(parameters));
        assertThat(read.hash()).isEqualTo(model.hash());
        assertThat(read.run()).isEqualTo(new RunId("demo"));
        assertThat(read.round()).isEqualTo(3);
    }

    @Test
    void versionOneIsWrittenAsItAlwaysWas() throws IOException {
        small().write(file);
        String header =
                "{\"__metadata__\":{\"format\":\"tacita-model-1\",\"plan\":\"demo\",\"round\":\"3\",\"run\":\"demo\","
                        + "\"sha256\":\"" + small().hash() + "\"},"
                        + "\"layer-1.weight\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                        + "\"layer-1.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}";
        int padded = (header.length() + 7) / 8 * 8;
        var expected = new ByteArrayOutputStream();
        expected.writeBytes(new byte[] {(byte) padded, (byte) (padded >> 8), 0, 0, 0, 0, 0, 0}); // header length
        expected.writeBytes((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.US_ASCII));
        expected.writeBytes(HexFormat.of().parseHex("0000803f")); // weight[0] = 1
        expected.writeBytes(HexFormat.of().parseHex("000000c0")); // weight[1] = -2
        expected.writeBytes(HexFormat.of().parseHex("0000003f")); // bias[0] = 0.5
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.toByteArray());
        assertThat(small().hash())
                .hasToString(HexFormat.of()
                        .formatHex(Hashes.sha256().digest(HexFormat.of().parseHex("0000803f000000c00000003f"))));
    }

    @Test
    void anotherPlansModelIsRefusedWithEveryDifference() throws IOException {
        small().write(file);
        RunPlan wider = plan(ModelSpec.sequential(
                Shape.of(2), List.of(new Layer.Dense(4, true, Initializer.ZEROS), Layer.Dense.of(1))));
        assertThatThrownBy(() -> TrainedModel.read(file, wider))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("tensor 'layer-1.weight': its shape must be [4, 2]. Provided value: [1, 2]")
                .hasMessageContaining("tensor 'layer-1.bias': its shape must be [4]. Provided value: [1]")
                .hasMessageContaining("tensor 'layer-2.weight': it is missing.")
                .hasMessageContaining("tensor 'layer-2.bias': it is missing.");
    }

    @Test
    void aChangedParameterIsFound() throws IOException {
        small().write(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> TrainedModel.read(file, plan(SMALL)))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("sha256")
                .hasMessageContaining(small().hash().toString());
    }

    @Test
    void aFileCutAnywhereIsNoModel() throws IOException {
        small().write(file);
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> TrainedModel.read(file, plan(SMALL)))
                    .as("cut after %d bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is no safetensors file with float32 tensors");
        }
    }

    @Test
    void aFileWithAnyBitOfItsHeaderTurnedIsRefusedOrSaysTheSame() throws IOException {
        small().write(file);
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            Files.write(file, changed);
            try {
                assertThat(TrainedModel.read(file, plan(SMALL)).parameters())
                        .as("bit 0 of byte %d turned", i)
                        .isEqualTo(small().parameters());
            } catch (IOException | ProblemsException e) {
                assertThat(e.getMessage()).as("bit 0 of byte %d turned", i).contains(file.toString());
            }
        }
    }

    @Test
    void aModelNeedsAllItsParameters() {
        assertThatThrownBy(() -> new TrainedModel(new RunId("demo"), "demo", 3, SMALL, new float[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the model must have 3 parameters. Provided value: 2");
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
