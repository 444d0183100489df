package dev.tacita.onnx;

import static java.util.Objects.requireNonNull;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.ModelSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads ONNX files, whoever wrote them. A file whose operators, shapes and tensors are not all understood is refused with
 * every reason; a file that {@link OnnxWriter} wrote gives the very model that was written. Nothing outside the file is
 * read, and nothing in it can make the reader hold more than its limits allow.
 *
 * @param limits of what a file may be
 */
public record OnnxReader(OnnxLimits limits) {
    static final int MOST_PROBLEMS = 1000;

    public OnnxReader {
        requireNonNull(limits, "limits is null");
    }

    /** A reader with {@link OnnxLimits#standard}. */
    public static OnnxReader standard() {
        return new OnnxReader(OnnxLimits.standard());
    }

    /**
     * Reads a file.
     *
     * @throws IOException if the file cannot be read, is larger than the limit, or is no ONNX file at all
     * @throws ProblemsException with everything in it that is wrong or not supported
     */
    public OnnxModel read(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(limits.bytes());
            if (stream.read() >= 0) {
                throw new IOException(file + " has more than " + limits.bytes() + " bytes");
            }
            return read(bytes, file.toString());
        }
    }

    /**
     * Reads the bytes of a file.
     *
     * @throws IOException if there are more of them than the limit, or they are no ONNX file at all
     * @throws ProblemsException with everything in it that is wrong or not supported
     */
    public OnnxModel read(byte[] bytes) throws IOException {
        if (bytes.length > limits.bytes()) {
            throw new IOException("the ONNX file has more than " + limits.bytes() + " bytes");
        }
        return read(bytes, "the ONNX file");
    }

    private OnnxModel read(byte[] bytes, String subject) throws IOException {
        ModelProto proto = parse(bytes, subject);
        List<Problem> problems = new ArrayList<>();
        int opset = opset(proto, problems);
        if (proto.getFunctionsCount() > 0) {
            problems.add(Problem.of("the model", "functions of its own are not supported."));
        }
        SortedMap<String, String> metadata = new TreeMap<>();
        Map<String, String> claims = new HashMap<>();
        for (StringStringEntryProto entry : proto.getMetadataPropsList()) {
            if (entry.getKey().startsWith(ClaimWriter.KEY)) {
                claims.put(entry.getKey().substring(ClaimWriter.KEY.length()), entry.getValue());
            } else if (!entry.getKey().startsWith(OnnxModel.RESERVED)) {
                metadata.put(entry.getKey(), entry.getValue());
            }
        }
        GraphReader graph = new GraphReader(proto.getGraph(), opset, claims, new Budget(limits.numbers()), problems);
        Optional<ModelSpec> model = graph.read();
        if (model.isEmpty()) {
            throw new ProblemsException(subject, problems);
        }
        try {
            float[] parameters = graph.parameters(model.get().layout().size());
            return new OnnxModel(model.get(), parameters, metadata);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ProblemsException(subject, List.of(Problem.of("the parameters", e.getMessage() + ".")));
        }
    }

    private ModelProto parse(byte[] bytes, String subject) throws IOException {
        try {
            ProtoScan.check(bytes, ModelProto.getDescriptor(), limits.elements());
            ByteString all = UnsafeByteOperations.unsafeWrap(bytes);
            CodedInputStream input = all.newCodedInput();
            input.enableAliasing(true);
            return ModelProto.parseFrom(input);
        } catch (IOException e) {
            throw new IOException(subject + " is no ONNX file that can be read: " + e.getMessage(), e);
        }
    }

    private static int opset(ModelProto proto, List<Problem> problems) {
        int opset = 0;
        for (OperatorSetIdProto set : proto.getOpsetImportList()) {
            if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
                long version = set.getVersion();
                opset = version >= 0 && version <= Short.MAX_VALUE ? (int) version : 0;
            }
        }
        if (opset < OnnxWriter.OLDEST_OPSET || opset > OnnxWriter.NEWEST_OPSET) {
            problems.add(new Problem(
                    "opset_import",
                    "the version of the standard operators must be " + OnnxWriter.OLDEST_OPSET + " to "
                            + OnnxWriter.NEWEST_OPSET + ". Provided value: " + opset + ".",
                    "Export the model again with such an opset."));
        }
        return opset;
    }
}
