package dev.tacita.safetensors;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes safetensors files: eight bytes with the length of the header (little-endian), the header in JSON padded with
 * spaces to a multiple of eight, then the float32 values of all tensors without gaps. The same content gives the same
 * bytes.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;

    /** Writes the file, over one that is there. */
    public void write(Safetensors content, Path file) throws IOException {
        try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file))) {
            write(content, stream);
        }
    }

    /** The bytes of the file. */
    public byte[] bytes(Safetensors content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(content, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be written", e);
        }
        return bytes.toByteArray();
    }

    private static void write(Safetensors content, OutputStream stream) throws IOException {
        byte[] header = Header.write(content);
        int padded = (header.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        stream.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .array());
        stream.write(header);
        for (int i = header.length; i < padded; i++) {
            stream.write(' ');
        }
        for (Tensor tensor : content.tensors()) {
            ByteBuffer values = ByteBuffer.allocate(Math.multiplyExact(tensor.values().length, Float.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            values.asFloatBuffer().put(tensor.values());
            stream.write(values.array());
        }
    }
}
