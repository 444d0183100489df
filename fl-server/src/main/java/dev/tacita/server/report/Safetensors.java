package dev.tacita.server.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.core.model.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The safetensors format, float32 tensors only: eight bytes with the length of the header (little-endian), the header
 * in JSON padded with spaces to a multiple of eight, the tensors' bytes without gaps.
 *
 * @param metadata of the file as a whole
 * @param tensors in the order of their offsets
 * @param values of all tensors, one after the other
 */
record Safetensors(SortedMap<String, String> metadata, List<Tensor> tensors, float[] values) {
    private static final String METADATA = "__metadata__";
    private static final int LARGEST_HEADER = 100_000_000;
    private static final int BUFFER = 1 << 16;

    record Tensor(String name, Shape shape) {}

    void write(Path file) throws IOException {
        byte[] header = header();
        AtomicFile.write(file, channel -> {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
            AtomicFile.writeAll(channel, buffer.putLong(header.length).flip());
            AtomicFile.writeAll(channel, ByteBuffer.wrap(header));
            buffer.clear();
            for (float value : values) {
                if (buffer.remaining() < Float.BYTES) {
                    AtomicFile.writeAll(channel, buffer.flip());
                    buffer.clear();
                }
                buffer.putFloat(value);
            }
            AtomicFile.writeAll(channel, buffer.flip());
        });
    }

    /** @throws IOException if the file cannot be read, or is none of this format; the message says why */
    static Safetensors read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return read(channel);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no safetensors file with float32 tensors: " + e.getMessage(), e);
        }
    }

    private byte[] header() {
        ObjectNode json = Json.object();
        ObjectNode about = json.putObject(METADATA);
        metadata.forEach(about::put);
        long offset = 0;
        for (Tensor tensor : tensors) {
            ObjectNode entry = json.putObject(tensor.name()).put("dtype", "F32");
            tensor.shape().dimensions().forEach(entry.putArray("shape")::add);
            long end = offset + (long) tensor.shape().size() * Float.BYTES;
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = Json.line(json).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static Safetensors read(FileChannel channel) throws IOException {
        long length = bytes(channel, Long.BYTES).getLong();
        if (length < 2 || length > LARGEST_HEADER || length > channel.size() - Long.BYTES) {
            throw new IllegalArgumentException(
                    "its header must be within the file and at most 100 MB. Provided length: " + length);
        }
        JsonNode header = Json.parse(new String(bytes(channel, (int) length).array(), StandardCharsets.UTF_8));
        SortedMap<String, String> metadata = new TreeMap<>();
        header.path(METADATA)
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        List<Entry> entries = new ArrayList<>();
        header.properties().forEach(entry -> {
            if (!entry.getKey().equals(METADATA)) {
                entries.add(Entry.of(entry.getKey(), entry.getValue()));
            }
        });
        entries.sort((a, b) -> Long.compare(a.begin, b.begin));
        long offset = 0;
        for (Entry entry : entries) {
            offset = entry.after(offset);
        }
        long body = channel.size() - Long.BYTES - length;
        if (body != offset) {
            throw new IllegalArgumentException(
                    "its tensors must fill the file: " + offset + " bytes. Provided value: " + body);
        }
        return new Safetensors(
                metadata, entries.stream().map(Entry::tensor).toList(), values(channel, Math.toIntExact(body / 4)));
    }

    private static float[] values(FileChannel channel, int count) throws IOException {
        float[] values = new float[count];
        for (int at = 0; at < count; ) {
            int some = Math.min(count - at, BUFFER / Float.BYTES);
            bytes(channel, some * Float.BYTES).asFloatBuffer().get(values, at, some);
            at += some;
        }
        return values;
    }

    private static ByteBuffer bytes(FileChannel channel, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IllegalArgumentException("it ends too soon");
            }
        }
        return buffer.flip();
    }

    private record Entry(Tensor tensor, long begin, long end) {
        static Entry of(String name, JsonNode json) {
            if (!json.path("dtype").asText().equals("F32")) {
                throw new IllegalArgumentException("tensor '" + name + "': dtype must be F32. Provided value: "
                        + json.path("dtype").asText());
            }
            List<Integer> dimensions = new ArrayList<>();
            json.required("shape").forEach(dimension -> dimensions.add(dimension.asInt()));
            JsonNode offsets = json.required("data_offsets");
            return new Entry(
                    new Tensor(name, new Shape(dimensions)),
                    offsets.required(0).asLong(),
                    offsets.required(1).asLong());
        }

        long after(long offset) {
            if (begin != offset || end - begin != (long) tensor.shape().size() * Float.BYTES) {
                throw new IllegalArgumentException("tensor '" + tensor.name() + "' of shape " + tensor.shape()
                        + " must lie without gap from byte " + offset + ". Provided value: " + begin + " to " + end);
            }
            return end;
        }
    }
}
