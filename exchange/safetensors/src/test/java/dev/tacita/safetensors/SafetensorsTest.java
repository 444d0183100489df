package dev.tacita.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    /** Two tensors and a metadata map as safetensors 0.8.0 for Python wrote them. */
    private static final String GOLDEN = "a000000000000000"
            + hex("{\"__metadata__\":{\"run\":\"heart\"},\"a.bias\":{\"dtype\":\"F32\",\"shape\":[2],"
                    + "\"data_offsets\":[0,8]},\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],"
                    + "\"data_offsets\":[8,24]}}       ")
            + "cdcccc3dcdccccbd"
            + "0000c03f000000c00000803e59d90033";

    /** A float64 vector, a float32 without dimensions and a float16 vector, written by the same. */
    private static final String GOLDEN_TYPES = "b000000000000000"
            + hex("{\"double\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},\"scalar\":{\"dtype\":\"F32\","
                    + "\"shape\":[],\"data_offsets\":[8,12]},\"half\":{\"dtype\":\"F16\",\"shape\":[4],"
                    + "\"data_offsets\":[12,20]}} ")
            + "9a9999999999b93f"
            + "00002040"
            + "003c00b8ff7b0100";

    @Test
    void whatPythonWroteIsReadAndWrittenWithTheSameBytes() throws IOException {
        byte[] golden = HexFormat.of().parseHex(GOLDEN);
        Safetensors file = SafetensorsReader.standard().read(golden);
        assertThat(file.metadata()).isEqualTo(Map.of("run", "heart"));
        assertThat(file.tensors().stream().map(Tensor::name)).containsExactly("a.bias", "a.weight");
        assertThat(file.tensors().get(0).values()).containsExactly(0.1f, -0.1f);
        assertThat(file.tensors().get(1).dimensions()).containsExactly(2, 2);
        assertThat(file.tensors().get(1).values()).containsExactly(1.5f, -2f, 0.25f, 3e-8f);
        assertThat(new SafetensorsWriter().bytes(file)).isEqualTo(golden);
    }

    @Test
    void otherTypesBecomeTheNearestFloat32() throws IOException {
        Safetensors file = SafetensorsReader.standard().read(HexFormat.of().parseHex(GOLDEN_TYPES));
        assertThat(file.tensors().get(0).values()).containsExactly(0.1f);
        assertThat(file.tensors().get(1).dimensions()).isEmpty();
        assertThat(file.tensors().get(1).values()).containsExactly(2.5f);
        assertThat(file.tensors().get(2).values()).containsExactly(1f, -0.5f, 65504f, 0x1p-24f);

        byte[] brain = file("{\"b\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[0,6]}}", "803f0cc0807f");
        assertThat(SafetensorsReader.standard().read(brain).tensors().get(0).values())
                .containsExactly(1f, -2.1875f, Float.POSITIVE_INFINITY);
    }

    @Test
    void everyHalfIsReadAsItsValue() throws IOException {
        for (int bits = 0; bits < 1 << 16; bits += 7) {
            byte[] file = file(
                    "{\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}",
                    String.format("%02x%02x", bits & 0xff, bits >> 8));
            float read =
                    SafetensorsReader.standard().read(file).tensors().get(0).values()[0];
            int exponent = bits >> 10 & 31;
            double magnitude = exponent == 31
                    ? ((bits & 1023) == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                    : exponent == 0
                            ? Math.scalb((double) (bits & 1023), -24)
                            : Math.scalb(1 + (bits & 1023) / 1024.0, exponent - 15);
            assertThat(Float.valueOf(read)).as("bits %x", bits).isEqualTo(Float.valueOf((float)
                    (bits < 1 << 15 ? magnitude : -magnitude)));
        }
    }

    @Test
    void aModelsParametersComeBackAsTheyWere(@TempDir Path folder) throws IOException {
        ModelSpec model = Models.twoHiddenLayers(Shape.of(3, 2), 5, 4);
        float[] parameters = model.layout().initialValues(SeedStream.of(3));
        Path file = folder.resolve("model.safetensors");
        new SafetensorsWriter().write(Safetensors.of(model.layout(), parameters, Map.of("round", "7")), file);
        Safetensors read = SafetensorsReader.standard().read(file);
        assertThat(read.parameters(model.layout())).isEqualTo(parameters);
        assertThat(read.metadata()).isEqualTo(Map.of("round", "7"));
        assertThat(read.tensors().get(0).name()).isEqualTo("layer-2.weight");
        int size = (int) Files.size(file);
        assertThat(new SafetensorsReader(size).read(file).tensors()).hasSize(6);
        assertThatThrownBy(() -> new SafetensorsReader(size - 1).read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than " + (size - 1) + " bytes");
    }

    @Test
    void everythingInWhichAFileIsNotTheModelIsNamed() {
        ParameterLayout layout = Models.twoHiddenLayers(Shape.of(2), 2, 1).layout();
        Safetensors file = new Safetensors(
                List.of(
                        new Tensor("layer-2.weight", List.of(4), new float[4]),
                        new Tensor("layer-2.bias", List.of(2), new float[] {1, Float.NaN}),
                        new Tensor("layer-4.weight", List.of(2, 2), new float[4]),
                        new Tensor("layer-6.weight", List.of(1, 2), new float[2]),
                        new Tensor("layer-6.bias", List.of(1), new float[1]),
                        new Tensor("extra\u0007", List.of(), new float[1])),
                new TreeMap<>());
        assertThat(catchThrowableOfType(ProblemsException.class, () -> file.parameters(layout))
                        .problems())
                .map(Problem::toString)
                .containsExactly(
                        "tensor 'layer-2.weight': its shape must be [2, 2]. Provided value: [4].",
                        "tensor 'layer-2.bias': every number must be finite. Provided value: NaN at index 1.",
                        "tensor 'layer-4.bias': it is missing.",
                        "tensor 'extra?': the model has no such parameter.");
    }

    @Test
    void everyTensorThatDoesNotLieWhereItMustIsNamed() {
        byte[] file = file(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]},"
                        + "\"c\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[8,16]},"
                        + "\"d\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[16,16]},"
                        + "\"e\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,9000000000000000000]}}",
                "00".repeat(16));
        ProblemsException refused = catchThrowableOfType(
                ProblemsException.class, () -> SafetensorsReader.standard().read(file));
        assertThat(refused.problems())
                .map(Problem::toString)
                .containsExactly(
                        "tensor 'a': a tensor of [2] and type F32 has 8 bytes. Provided value: 4.",
                        "tensor 'b': its bytes must begin at 4, where those before it end. Provided value: 2.",
                        "tensor 'c': its bytes must begin at 6, where those before it end. Provided value: 8.",
                        "tensor 'c': its type must be F32, F16, BF16 or F64. Provided value: I64.",
                        "tensor 'd': it must have at most 2147483647 elements. Provided shape:"
                                + " [4611686018427387904, 4].",
                        "tensor 'e': its bytes must lie within the 16 after the header. Provided value: 16 to"
                                + " 9000000000000000000.");
        byte[] rest = file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "00".repeat(5));
        assertThatThrownBy(() -> SafetensorsReader.standard().read(rest))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("they must fill the file's 5 bytes. Provided value: 4.");
    }

    @Test
    void whatIsNoSafetensorsFileIsRefused() {
        String entry = "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        for (String header : List.of(
                "[]",
                " {}",
                "{",
                "{}{}",
                "{" + entry + "," + entry + "}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}",
                "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":4,\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[[1]],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}",
                "{\"__metadata__\":{\"a\":1}," + entry + "}",
                "{\"a\":" + "[".repeat(5000) + "}")) {
            assertThatThrownBy(() -> SafetensorsReader.standard().read(file(header, "00000000")))
                    .as(header)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is no safetensors file");
        }
        for (String length : List.of("", "00", "ffffffffffffffff", "ffffffffffffff7f", "0900000000000000")) {
            assertThatThrownBy(() -> SafetensorsReader.standard()
                            .read(HexFormat.of().parseHex(length + (length.length() < 16 ? "" : hex("{}      ")))))
                    .as(length)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void tensorsAndFilesThatCannotBeAreNotMade() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Tensor("", List.of(), new float[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tensor("__metadata__", List.of(), new float[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tensor("a", List.of(2), new float[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tensor("a", List.of(-1), new float[1]));
        Tensor tensor = new Tensor("a", List.of(), new float[1]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Safetensors(List.of(tensor, tensor), new TreeMap<>()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.of(Models.logisticRegression(2, 1).layout(), new float[2], Map.of()));
    }

    static byte[] file(String header, String body) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        byte[] values = HexFormat.of().parseHex(body);
        return ByteBuffer.allocate(Long.BYTES + text.length + values.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(values)
                .array();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
