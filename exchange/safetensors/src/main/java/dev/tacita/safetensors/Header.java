package dev.tacita.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The header of a file, in JSON: where each tensor's bytes lie.
 *
 * @param entries in the order of the header
 * @param metadata of the file as a whole
 */
record Header(List<Entry> entries, SortedMap<String, String> metadata) {
    private static final int MOST_DIMENSIONS = 32;

    /**
     * What the header says of one tensor; nothing of it is checked yet.
     *
     * @param type name of its element type
     * @param shape its dimensions
     * @param begin its first byte, counted from the end of the header
     * @param end one past its last byte
     */
    record Entry(String name, String type, List<Long> shape, long begin, long end) {}

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxNumberLength(20)
                    .maxNameLength(10_000)
                    .build())
            .build();

    /** @throws IOException if the bytes are not JSON of the format's form; the message says where */
    static Header read(byte[] file, int offset, int length) throws IOException {
        List<Entry> entries = new ArrayList<>();
        SortedMap<String, String> metadata = new TreeMap<>();
        try (JsonParser parser = JSON.createParser(file, offset, length)) {
            expect(parser.nextToken() == JsonToken.START_OBJECT, "it must be an object");
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                expect(parser.nextToken() == JsonToken.START_OBJECT, "'" + name + "' must be an object");
                if (name.equals(Tensor.METADATA)) {
                    readMetadata(parser, metadata);
                } else {
                    entries.add(readEntry(parser, name));
                }
            }
            expect(parser.currentToken() == JsonToken.END_OBJECT, "it must be one object");
            expect(parser.nextToken() == null, "it must end with the object");
        }
        return new Header(entries, metadata);
    }

    private static void readMetadata(JsonParser parser, SortedMap<String, String> metadata) throws IOException {
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            String value = parser.nextTextValue();
            if (value == null) {
                throw new IOException(Tensor.METADATA + " must hold texts only; '" + key + "' is none");
            }
            metadata.put(key, value);
        }
    }

    private static Entry readEntry(JsonParser parser, String name) throws IOException {
        String type = "";
        List<Long> shape = List.of();
        List<Long> offsets = List.of();
        int fields = 0;
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            fields++;
            switch (field) {
                case "dtype" -> {
                    String text = parser.nextTextValue();
                    expect(text != null, "the dtype of '" + name + "' must be a text");
                    type = text == null ? "" : text;
                }
                case "shape" -> shape = readNumbers(parser, name, MOST_DIMENSIONS);
                case "data_offsets" -> {
                    offsets = readNumbers(parser, name, 2);
                    expect(offsets.size() == 2, "the data_offsets of '" + name + "' must be two");
                }
                default -> throw new IOException("'" + name + "' has the unknown field '" + field + "'");
            }
        }
        expect(fields == 3, "'" + name + "' must have dtype, shape and data_offsets");
        return new Entry(name, type, shape, offsets.get(0), offsets.get(1));
    }

    private static List<Long> readNumbers(JsonParser parser, String name, int most) throws IOException {
        expect(parser.nextToken() == JsonToken.START_ARRAY, "shape and data_offsets of '" + name + "' must be lists");
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(
                    parser.currentToken() == JsonToken.VALUE_NUMBER_INT && numbers.size() < most,
                    "shape and data_offsets of '" + name + "' must hold at most " + most + " whole numbers");
            long number = parser.getLongValue();
            expect(number >= 0, "shape and data_offsets of '" + name + "' must not be negative");
            numbers.add(number);
        }
        return numbers;
    }

    private static void expect(boolean holds, String rule) throws IOException {
        if (!holds) {
            throw new IOException(rule);
        }
    }

    /** The header of a file whose tensors lie one after the other. */
    static byte[] write(Safetensors file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!file.metadata().isEmpty()) {
                json.writeObjectFieldStart(Tensor.METADATA);
                for (var entry : file.metadata().entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long offset = 0;
            for (Tensor tensor : file.tensors()) {
                long end = offset + (long) tensor.values().length * Float.BYTES;
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", ElementType.F32.name());
                json.writeFieldName("shape");
                json.writeArray(
                        tensor.dimensions().stream().mapToInt(Integer::intValue).toArray(),
                        0,
                        tensor.dimensions().size());
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {offset, end}, 0, 2);
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
