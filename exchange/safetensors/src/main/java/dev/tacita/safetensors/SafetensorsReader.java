package dev.tacita.safetensors;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Reads safetensors files, whoever wrote them. Elements may be F32, F16, BF16 or F64: F16 and BF16 become float32
 * exactly, F64 by rounding to the nearest, an infinity beyond float32's range. The tensors must fill the file without a
 * gap or an overlap. Beside the file's own bytes, a reader holds at most two bytes for each byte of the tensors and 20 for
 * each byte of the header, whatever the file claims.
 *
 * @param limit bytes of the largest file that is read, at least 8
 */
public record SafetensorsReader(int limit) {
    private static final int LARGEST_HEADER = 100_000_000;

    /** @throws IllegalArgumentException if the limit is below 8 */
    public SafetensorsReader {
        if (limit < Long.BYTES) {
            throw new IllegalArgumentException("limit must be >= 8. Provided value: " + limit);
        }
    }

    /** A reader of files up to 1 GiB. */
    public static SafetensorsReader standard() {
        return new SafetensorsReader(1 << 30);
    }

    /**
     * Reads a file.
     *
     * @throws IOException if the file cannot be read, is larger than the limit, or is no safetensors file at all
     * @throws ProblemsException with every tensor that is wrong or of another type
     */
    public Safetensors read(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(limit);
            if (stream.read() >= 0) {
                throw new IOException(file + " has more than " + limit + " bytes");
            }
            return read(bytes, file.toString());
        }
    }

    /**
     * Reads the bytes of a file.
     *
     * @throws IOException if there are more of them than the limit, or they are no safetensors file at all
     * @throws ProblemsException with every tensor that is wrong or of another type
     */
    public Safetensors read(byte[] bytes) throws IOException {
        if (bytes.length > limit) {
            throw new IOException("the safetensors file has more than " + limit + " bytes");
        }
        return read(bytes, "the safetensors file");
    }

    private static Safetensors read(byte[] bytes, String subject) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long length = bytes.length < Long.BYTES ? -1 : buffer.getLong();
        if (length < 2 || length > Math.min(LARGEST_HEADER, bytes.length - Long.BYTES) || buffer.get(8) != '{') {
            throw new IOException(subject + " is no safetensors file: it must begin with the length of a header that is"
                    + " within the file and at most " + LARGEST_HEADER + " bytes, and with that header, an object");
        }
        Header header;
        try {
            header = Header.read(bytes, Long.BYTES, (int) length);
        } catch (IOException e) {
            throw new IOException(subject + " is no safetensors file; of its header: " + e.getMessage(), e);
        }
        ByteBuffer body = buffer.position(Long.BYTES + (int) length).slice().order(ByteOrder.LITTLE_ENDIAN);
        return new Safetensors(tensors(header, body, subject), header.metadata());
    }

    private static List<Tensor> tensors(Header header, ByteBuffer body, String subject) {
        List<Header.Entry> entries = new ArrayList<>(header.entries());
        entries.sort(Comparator.comparingLong(Header.Entry::begin).thenComparingLong(Header.Entry::end));
        List<Problem> problems = new ArrayList<>();
        long offset = 0;
        for (Header.Entry entry : entries) {
            List<String> wrong = new ArrayList<>();
            if (entry.begin() != offset) {
                wrong.add("its bytes must begin at " + offset + ", where those before it end. Provided value: "
                        + entry.begin() + ".");
            }
            check(entry, body.capacity()).ifPresent(wrong::add);
            wrong.forEach(why -> problems.add(Problem.of(Safetensors.place(entry.name()), why)));
            offset = entry.end();
        }
        if (offset != body.capacity() && problems.isEmpty()) {
            problems.add(Problem.of(
                    "the tensors",
                    "they must fill the file's " + body.capacity() + " bytes. Provided value: " + offset + "."));
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException(subject, problems);
        }
        return entries.stream().map(entry -> tensor(entry, body)).toList();
    }

    private static Optional<String> check(Header.Entry entry, int size) {
        Optional<ElementType> type = ElementType.of(entry.type());
        if (entry.name().isEmpty()) {
            return Optional.of("its name must not be empty.");
        } else if (type.isEmpty()) {
            return Optional.of("its type must be F32, F16, BF16 or F64. Provided value: "
                    + entry.type().substring(0, Math.min(16, entry.type().length())) + ".");
        } else if (entry.begin() > entry.end() || entry.end() > size) {
            return Optional.of("its bytes must lie within the " + size + " after the header. Provided value: "
                    + entry.begin() + " to " + entry.end() + ".");
        }
        long elements = 1;
        for (long dimension : entry.shape()) {
            if (dimension > Integer.MAX_VALUE || elements * dimension > Integer.MAX_VALUE) {
                return Optional.of("it must have at most 2147483647 elements. Provided shape: " + entry.shape() + ".");
            }
            elements *= dimension;
        }
        long bytes = elements * type.get().width();
        return entry.end() - entry.begin() == bytes
                ? Optional.empty()
                : Optional.of("a tensor of " + entry.shape() + " and type " + entry.type() + " has " + bytes
                        + " bytes. Provided value: " + (entry.end() - entry.begin()) + ".");
    }

    private static Tensor tensor(Header.Entry entry, ByteBuffer body) {
        ElementType type = ElementType.of(entry.type()).orElseThrow();
        float[] values = new float[(int) ((entry.end() - entry.begin()) / type.width())];
        body.position((int) entry.begin());
        for (int i = 0; i < values.length; i++) {
            values[i] = type.next(body);
        }
        return new Tensor(
                entry.name(), entry.shape().stream().map(Math::toIntExact).toList(), values);
    }
}
