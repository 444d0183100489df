package dev.tacita.dl4j;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;

/**
 * The array in which a zip holds the parameters: two buffers, the first with the array's shape, each behind the name of
 * an allocation mode, a length of 64 bits and the name of a type.
 */
final class Coefficients {
    private static final int LONGEST_SHAPE = 128;

    private Coefficients() {}

    /** The numbers, of which there must be {@code count}, all finite. */
    static float[] read(byte[] bytes, String subject, int count) {
        try (var stream = new DataInputStream(new ByteArrayInputStream(bytes))) {
            skipShape(stream);
            return numbers(stream, count);
        } catch (IOException e) {
            throw new ProblemsException(
                    subject,
                    List.of(Problem.of(Entries.COEFFICIENTS, "it must be an array of ND4J: " + described(e) + ".")));
        }
    }

    private static String described(IOException e) {
        return e instanceof EOFException ? "it ends too early" : Printable.of(String.valueOf(e.getMessage()));
    }

    private static void skipShape(DataInputStream stream) throws IOException {
        stream.readUTF();
        long length = stream.readLong();
        String type = stream.readUTF();
        if (!type.equals("LONG") || length < 0 || length > LONGEST_SHAPE) {
            throw new IOException("its shape must be at most " + LONGEST_SHAPE + " of LONG. Provided value: " + length
                    + " of " + type);
        }
        stream.skipNBytes(length * Long.BYTES);
    }

    private static float[] numbers(DataInputStream stream, int count) throws IOException {
        stream.readUTF();
        long length = stream.readLong();
        String type = stream.readUTF();
        boolean wide = type.equals("DOUBLE");
        if (!wide && !type.equals("FLOAT")) {
            throw new IOException("its numbers must be FLOAT or DOUBLE. Provided value: " + type);
        }
        int left = stream.available();
        if (length != count || left != (long) count * (wide ? Double.BYTES : Float.BYTES)) {
            throw new IOException("the configuration has " + count + " parameters. Provided value: " + length + " in "
                    + left + " bytes");
        }
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = wide ? (float) stream.readDouble() : stream.readFloat();
            if (!Float.isFinite(numbers[i])) {
                throw new IOException(
                        "each parameter must be a finite float. Provided value: " + numbers[i] + " at index " + i);
            }
        }
        return numbers;
    }
}
