package dev.tacita.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import dev.tacita.engine.EngineModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are damaged or made to do harm. */
class HostileOnnxTest {
    private static final ModelSpec MODEL = Models.twoHiddenLayers(Shape.of(2, 3), 4, 2);

    @Test
    void aDamagedFileIsReadOrRefused() throws IOException {
        List<byte[]> whole = List.of(
                file(proto -> {}),
                file(ModelProto.Builder::clearMetadataProps),
                every("group norm"),
                every("lstm to all steps"),
                every("layer norm over columns"),
                every("shared with a node that nothing reads"),
                PyTorchImportTest.resource("assorted-torchscript.onnx"));
        int refused = 0;
        for (long seed = 0; seed < 10_000; seed++) {
            byte[] damaged = damage(whole.get((int) (seed % whole.size())), new SplittableRandom(seed));
            try {
                OnnxReader.standard().read(damaged);
            } catch (ProblemsException | IOException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                fail("seed " + seed + " gave " + e, e);
            }
        }
        assertThat(refused).as("files of 10000 that were refused").isBetween(1000, 9999);
    }

    @Test
    void everyBeginningOfAFileIsRefused() {
        byte[] whole = file(ModelProto.Builder::clearMetadataProps);
        for (int length = 0; length < whole.length; length++) {
            byte[] start = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> OnnxReader.standard().read(start))
                    .as("the first %s bytes", length)
                    .isInstanceOfAny(IOException.class, ProblemsException.class);
        }
    }

    @Test
    void everyOperatorAndAttributeThatIsNotSupportedIsNamedWithItsNode() {
        byte[] file = changed(graph -> {
            graph.getNodeBuilder(2).setOpType("Selu").setDomain("");
            graph.getNodeBuilder(4).setDomain("com.example").setOpType("Relu");
            graph.getNodeBuilder(3).addAttribute(Attributes.integer("transA", 1));
            graph.getNodeBuilder(5).addAttribute(Attributes.number("gamma", 2));
        });
        assertThat(problems(file))
                .containsExactly(
                        "node 'layer-3' (Selu): operator 'Selu' is not supported.",
                        "node 'layer-5' (Relu): operator 'com.example.Relu' is not supported.");
        byte[] attributes = changed(graph -> {
            graph.getNodeBuilder(1).addAttribute(Attributes.integer("transA", 1));
            graph.getNodeBuilder(2).addAttribute(Attributes.number("gamma", 2));
        });
        assertThat(problems(attributes))
                .containsExactly(
                        "node 'layer-2' (Gemm): attribute 'transA' must be 0. Provided value: 1.",
                        "node 'layer-3' (Relu): attribute 'gamma' is not supported.");
    }

    @Test
    void aCycleAndAnUnknownNameAreNamed() {
        byte[] cycle = changed(graph -> graph.getNodeBuilder(0).setInput(0, "layer-6"));
        assertThat(problems(cycle))
                .containsExactly(
                        "node 'layer-1' (Flatten): it reads 'layer-6', which only it or a later node gives; the"
                                + " graph has a cycle or is out of order.");
        byte[] unknown = changed(graph -> {
            graph.getNodeBuilder(2).setInput(0, "nobody");
            graph.getOutputBuilder(0).setName("nothing");
        });
        assertThat(problems(unknown))
                .containsExactly(
                        "node 'layer-3' (Relu): it reads 'nobody', which no input, tensor or node gives.",
                        "output 'nothing': no node gives it.");
    }

    @Test
    void shapesThatDoNotMeetAreNamed() {
        byte[] file = changed(graph -> {
            graph.getInputBuilder(0)
                    .getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .getDimBuilder(2)
                    .setDimValue(4);
        });
        assertThat(problems(file))
                .containsExactly(
                        "node 'layer-2' (Gemm): tensor 'layer-2.weight', its weight, must have the shape [4, 8]."
                                + " Provided value: [4, 6].");
        byte[] output = changed(graph -> graph.getOutputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(1)
                .setDimValue(3));
        assertThat(problems(output))
                .containsExactly("output 'layer-6': its shape without the batch must be [2], as the nodes compute."
                        + " Provided value: [3].");
    }

    @Test
    void tensorsThatAreNotWholeOrNotFiniteOrElsewhereAreNamed() {
        byte[] file = changed(graph -> {
            graph.getInitializerBuilder(0).setRawData(Emission.floatBytes(nan(24), 0, 24));
            graph.getInitializerBuilder(1).setDims(0, 1L << 40);
            graph.getInitializerBuilder(2).clearRawData().setDataLocation(TensorProto.DataLocation.EXTERNAL);
            graph.getInitializerBuilder(3).setDataType(TensorProto.DataType.COMPLEX64.getNumber());
            graph.getInitializerBuilder(4).setRawData(ByteString.copyFrom(new byte[3]));
        });
        assertThat(problems(file))
                .containsExactly(
                        "tensor 'layer-2.bias': its dimensions must be >= 0 and their product at most 2147483647."
                                + " Provided value: [1099511627776].",
                        "tensor 'layer-4.weight': its numbers lie in another file, which is never read.",
                        "tensor 'layer-4.bias': tensors of type COMPLEX64 are not read.",
                        "tensor 'layer-6.weight': its 8 elements need 32 bytes. Provided value: 3.");
        byte[] infinite =
                changed(graph -> graph.getInitializerBuilder(0).setRawData(Emission.floatBytes(nan(24), 0, 24)));
        assertThat(problems(infinite))
                .containsExactly("node 'layer-2' (Gemm): tensor 'layer-2.weight', its weight, must hold finite numbers"
                        + " only. Provided value: NaN at index 23.");
    }

    @Test
    void opsetsAndFunctionsThatAreNotSupportedAreNamed() {
        byte[] file = file(proto -> {
            proto.getOpsetImportBuilder(0).setVersion(22);
            proto.addFunctionsBuilder().setName("f");
        });
        assertThat(problems(file))
                .containsExactly(
                        "opset_import: the version of the standard operators must be 13 to 21. Provided value: 22."
                                + " Export the model again with such an opset.",
                        "the model: functions of its own are not supported.");
    }

    @Test
    void aNoteThatSaysSomethingElseThanTheNodesIsNotBelieved() throws IOException {
        byte[] file = file(proto -> {
            for (int i = 0; i < proto.getMetadataPropsCount(); i++) {
                if (proto.getMetadataProps(i).getKey().equals("tacita.node.layer-3")) {
                    proto.getMetadataPropsBuilder(i).setValue("tanh inputs=layer-2");
                } else if (proto.getMetadataProps(i).getKey().equals("tacita.node.layer-5")) {
                    proto.getMetadataPropsBuilder(i).setValue("relu inputs=layer-3");
                }
            }
        });
        assertThat(OnnxReader.standard().read(file).model()).isEqualTo(MODEL);
    }

    @Test
    void theLimitsHold(@TempDir Path folder) throws IOException {
        byte[] file = file(proto -> {});
        Path path = folder.resolve("model.onnx");
        Files.write(path, file);
        OnnxLimits exact = new OnnxLimits(file.length, 1000, 1000);
        assertThat(new OnnxReader(exact).read(path).model()).isEqualTo(MODEL);
        assertThatThrownBy(() -> new OnnxReader(new OnnxLimits(file.length - 1, 1000, 1000)).read(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than " + (file.length - 1) + " bytes");
        assertThatThrownBy(() -> new OnnxReader(new OnnxLimits(file.length, 100, 1000)).read(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 100 elements");
        assertThatThrownBy(() -> new OnnxReader(new OnnxLimits(file.length, 1000, 20)).read(path))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("must have at most 20 numbers");
    }

    @Test
    void smallFilesThatAskForMuchMemoryAreRefusedWithoutIt() throws IOException {
        OnnxReader reader = new OnnxReader(new OnnxLimits(1 << 20, 10_000, 100_000));
        long bound = (1L << 20) * 2 + 400L * 10_000 + 12L * 100_000 + (8L << 20);

        ByteArrayOutputStream emptyNodes = new ByteArrayOutputStream();
        GraphProto.Builder many = GraphProto.newBuilder();
        for (int i = 0; i < 400_000; i++) {
            many.addNode(NodeProto.getDefaultInstance());
        }
        ModelProto.newBuilder().setGraph(many).build().writeTo(emptyNodes);
        assertAllocatesLess(bound, () -> refused(reader, emptyNodes.toByteArray()));

        byte[] transposes = changed(graph -> {
            graph.addInitializer(TensorProto.newBuilder()
                    .setName("w")
                    .setDataType(TensorProto.DataType.FLOAT.getNumber())
                    .addDims(100)
                    .addDims(200)
                    .setRawData(Emission.floatBytes(new float[20_000], 0, 20_000)));
            for (int i = 0; i < 900; i++) {
                graph.addNode(
                        0,
                        NodeProto.newBuilder()
                                .setOpType("Transpose")
                                .addInput("w")
                                .addOutput("w" + i));
            }
        });
        assertAllocatesLess(bound, () -> refused(reader, transposes));

        byte[] packed = changed(graph -> graph.addNode(NodeProto.newBuilder()
                .setOpType("Constant")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value_ints")
                        .setType(AttributeProto.AttributeType.INTS)
                        .addAllInts(java.util.Collections.nCopies(900_000, 1L)))));
        assertAllocatesLess(bound, () -> refused(reader, packed));
    }

    @Test
    void aNoteThatAsksForMuchMemoryDoesNotGetIt() throws IOException {
        ModelSpec small = ModelSpec.sequential(Shape.of(2, 2), List.of(new Sequence.SelfAttention(1, true)));
        ModelProto.Builder proto = ModelProto.parseFrom(
                OnnxWriter.standard().bytes(OnnxModel.of(small, EngineModels.parameters(small, 4))))
                .toBuilder();
        proto.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(1)
                .setDimValue(40_000);
        byte[] file = proto.build().toByteArray();
        assertAllocatesLess(8L << 20, () -> refused(OnnxReader.standard(), file));
    }

    private static void refused(OnnxReader reader, byte[] file) {
        assertThatThrownBy(() -> reader.read(file)).isInstanceOfAny(IOException.class, ProblemsException.class);
    }

    private static void assertAllocatesLess(long bytes, Runnable work) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(bytes);
    }

    private static float[] nan(int length) {
        float[] values = new float[length];
        values[length - 1] = Float.NaN;
        return values;
    }

    private static List<String> problems(byte[] file) {
        ProblemsException refused = catchThrowableOfType(
                ProblemsException.class, () -> OnnxReader.standard().read(file));
        return refused.problems().stream().map(Problem::toString).toList();
    }

    private static byte[] changed(Consumer<GraphProto.Builder> change) {
        return file(proto -> change.accept(proto.getGraphBuilder()));
    }

    private static byte[] file(Consumer<ModelProto.Builder> change) {
        byte[] whole = OnnxWriter.standard().bytes(OnnxModel.of(MODEL, EngineModels.parameters(MODEL, 4)));
        try {
            ModelProto.Builder proto = ModelProto.parseFrom(whole).toBuilder();
            change.accept(proto);
            return proto.build().toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] every(String name) {
        ModelSpec model = Objects.requireNonNull(EngineModels.all().get(name), name);
        return OnnxWriter.standard().bytes(OnnxModel.of(model, EngineModels.parameters(model, 4)));
    }

    private static byte[] damage(byte[] whole, RandomGenerator random) {
        byte[] file = whole.clone();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            int at = random.nextInt(random.nextInt(3) == 0 ? Math.min(400, file.length) : file.length);
            switch (random.nextInt(6)) {
                case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> file[at] = (byte) random.nextInt(256);
                case 2 -> file = random.nextInt(4) == 0 ? Arrays.copyOf(file, random.nextInt(1, file.length)) : file;
                case 3 -> Arrays.fill(file, at, Math.min(file.length, at + random.nextInt(12)), (byte) -1);
                case 4 -> Arrays.fill(file, at, Math.min(file.length, at + random.nextInt(6)), (byte) 0);
                default -> {
                    int length = Math.min(random.nextInt(1, 64), file.length - at);
                    System.arraycopy(file, at, file, random.nextInt(file.length - length + 1), length);
                }
            }
        }
        return file;
    }
}
