package dev.tacita.client;

import dev.tacita.core.ProblemsException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An IDX file of unsigned bytes, as MNIST has them, also gzipped.
 *
 * @param dimensions as in its head
 * @param bytes row-major
 */
record IdxFile(int[] dimensions, byte[] bytes) {
    private static final int UNSIGNED_BYTE = 0x08;

    /** Reads {@code name} in the folder, or {@code name.gz}. */
    static IdxFile read(Path folder, String name, int rank) {
        Path plain = folder.resolve(name);
        Path zipped = folder.resolve(name + ".gz");
        Path file = Files.exists(plain) ? plain : zipped;
        if (!Files.isRegularFile(file)) {
            throw DataProblems.of(plain, "there is no such file, nor one with '.gz' added.");
        }
        try (InputStream raw = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(new BufferedInputStream(unzipped(raw, file)))) {
            return read(in, file, rank);
        } catch (EOFException | ZipException e) {
            throw DataProblems.of(file, "the file is cut short or damaged.");
        } catch (IOException e) {
            throw DataProblems.of(file, "the file cannot be read.");
        }
    }

    private static InputStream unzipped(InputStream raw, Path file) throws IOException {
        return file.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw;
    }

    private static IdxFile read(DataInputStream in, Path file, int rank) throws IOException {
        int magic = in.readInt();
        if (magic >>> 8 != UNSIGNED_BYTE || (magic & 0xff) != rank) {
            throw notIdx(file, rank, magic);
        }
        int[] dimensions = new int[rank];
        long size = 1;
        for (int i = 0; i < rank; i++) {
            dimensions[i] = in.readInt();
            if (dimensions[i] < 1 || (size *= dimensions[i]) > Integer.MAX_VALUE - 8) {
                throw DataProblems.of(
                        file,
                        "each dimension must be >= 1, and their product below 2^31. Provided value: " + dimensions[i]
                                + ".");
            }
        }
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size || in.read() >= 0) {
            throw DataProblems.of(file, "the file must hold the " + size + " bytes that its head says.");
        }
        return new IdxFile(dimensions, bytes);
    }

    private static ProblemsException notIdx(Path file, int rank, int magic) {
        return DataProblems.of(
                file,
                "this is not an IDX file of unsigned bytes with " + rank + " dimensions. Its first four bytes: "
                        + String.format("%08x", magic) + ".");
    }
}
