package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Tensors;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The update with noise of the newest round of each run, kept so that a round which is asked again, after a crash too, is answered
 * with the same one: what was counted once is revealed once. A file that cannot be read or written costs new noise, which is
 * counted, and nothing else.
 */
final class KeptUpdates {
    private static final Logger LOG = LoggerFactory.getLogger(KeptUpdates.class);
    private static final String ENDING = ".update";
    private static final byte[] HEADER = "tacita kept update 1\n".getBytes(StandardCharsets.US_ASCII);

    private final Optional<Path> folder;

    /** Empty keeps nothing. */
    KeptUpdates(Optional<Path> folder) {
        this.folder = folder;
    }

    /** What an update answers: equal places ask the same of the same data. */
    record Place(RunId run, int round, Hash model, Hash plan) {
        Hash hash() {
            return Tensors.sha256(ByteBuffer.wrap(
                    (run + "\n" + round + "\n" + model + "\n" + plan).getBytes(StandardCharsets.UTF_8)));
        }
    }

    Optional<ModelUpdate> find(Place place) {
        Optional<Path> file = folder.map(home -> file(home, place.run())).filter(Files::exists);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return read(ByteBuffer.wrap(Files.readAllBytes(file.get())), place);
        } catch (IOException | BufferUnderflowException e) {
            LOG.warn("'{}' cannot be read; the round is answered with new noise: {}", file.get(), e.toString());
            return Optional.empty();
        }
    }

    void keep(Place place, ClippedUpdate update) {
        folder.ifPresent(home -> {
            try {
                write(home, place, update);
            } catch (IOException e) {
                LOG.warn(
                        "an update cannot be kept; if its round is asked again, that costs new noise: {}",
                        e.toString());
            }
        });
    }

    /** Forgets the updates of all runs but these. */
    void keepOnly(Set<RunId> runs) {
        folder.filter(Files::isDirectory).ifPresent(home -> {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(home, "*" + ENDING)) {
                for (Path file : files) {
                    if (runs.stream().noneMatch(run -> file.equals(file(home, run)))) {
                        Files.deleteIfExists(file);
                    }
                }
            } catch (IOException e) {
                LOG.warn("updates of runs that are over cannot be deleted: {}", e.toString());
            }
        });
    }

    private static void write(Path home, Place place, ClippedUpdate update) throws IOException {
        float[] values = update.valuesInTheClear();
        ByteBuffer bytes = ByteBuffer.allocate(HEADER.length + 2 * 32 + 12 + values.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(HEADER).put(place.hash().bytes()).put(Tensors.sha256(values).bytes());
        bytes.putLong(update.weight()).putInt(values.length);
        bytes.asFloatBuffer().put(values);
        bytes.rewind();
        OwnerOnly.createFolders(home);
        Path file = file(home, place.run());
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        OwnerOnly.createFile(temporary);
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Optional<ModelUpdate> read(ByteBuffer bytes, Place place) {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        if (!ByteBuffer.wrap(HEADER).equals(take(bytes, HEADER.length))
                || !ByteBuffer.wrap(place.hash().bytes()).equals(take(bytes, 32))) {
            return Optional.empty();
        }
        ByteBuffer hash = take(bytes, 32);
        long weight = bytes.getLong();
        int count = bytes.getInt();
        if (weight < 1 || count < 0 || bytes.remaining() != (long) count * Float.BYTES) {
            return Optional.empty();
        }
        float[] values = new float[count];
        bytes.asFloatBuffer().get(values);
        return ByteBuffer.wrap(Tensors.sha256(values).bytes()).equals(hash)
                ? Optional.of(new ModelUpdate(values, weight))
                : Optional.empty();
    }

    private static ByteBuffer take(ByteBuffer bytes, int count) {
        byte[] taken = new byte[count];
        bytes.get(taken);
        return ByteBuffer.wrap(taken);
    }

    private static Path file(Path home, RunId run) {
        return home.resolve(run + ENDING);
    }
}
