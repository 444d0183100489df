package dev.tacita.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.ModelSpec;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;

/** Runs ONNX files by ONNX Runtime. */
final class OnnxRuntime {
    private OnnxRuntime() {}

    /** Skips the test where ONNX Runtime has no library for this platform. */
    static void assumeAvailable() {
        boolean available;
        try {
            OrtEnvironment.getEnvironment();
            available = true;
        } catch (LinkageError | RuntimeException e) {
            available = false;
        }
        Assumptions.assumeTrue(available, "ONNX Runtime has no library for this platform");
    }

    /** The outputs for the inputs of {@code count} examples. */
    static float[] outputs(byte[] file, ModelSpec model, float[] inputs, int count) {
        Input input = model.inputs().get(0);
        long[] shape = LongStream.concat(
                        LongStream.of(count),
                        input.shape().dimensions().stream().mapToLong(Integer::longValue))
                .toArray();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(file, options);
                    OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(inputs), shape);
                    OrtSession.Result result = session.run(Map.of(input.id(), tensor))) {
                FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] outputs = new float[buffer.remaining()];
                buffer.get(outputs);
                return outputs;
            }
        } catch (OrtException e) {
            throw new AssertionError("ONNX Runtime refused the file: " + e.getMessage(), e);
        }
    }
}
