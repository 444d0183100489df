package dev.tacita.client;

import dev.tacita.client.KeptUpdates.Place;
import dev.tacita.core.RunId;
import dev.tacita.wire.Tensors;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What algorithms keep at the site from one of its rounds to the next: for each run two vectors, each under the round whose
 * answer it belongs to. One is of the newest round that counted, as the log says, and the other of the round that was answered
 * last. Which of the two holds the log decides: so a round that is asked again, or that closes without the site, or whose close
 * the agent did not live to see, leaves nothing to be done and is never applied twice.
 *
 * <p>A file is replaced whole or not at all, and is on the disk before the answer leaves. It never leaves the site. A vector that
 * should be there and is not is an error: a site that began anew would spoil the run. For several threads.
 */
final class SiteMemories {
    private static final Logger LOG = LoggerFactory.getLogger(SiteMemories.class);
    private static final String ENDING = ".memory";
    private static final byte[] HEADER = "tacita site memory 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_BYTES = 32;
    private static final int ENTRY_BYTES = Integer.BYTES + 2 * HASH_BYTES;

    private final Optional<Path> folder;
    private final Map<RunId, List<Entry>> unwritten = new HashMap<>();
    private final Map<RunId, Integer> newest = new HashMap<>();
    private final Set<RunId> erased = new HashSet<>();

    private record Entry(ByteBuffer place, float[] values) {
        static Entry of(Place place, float[] values) {
            return new Entry(ByteBuffer.wrap(place.hash().bytes()), values);
        }
    }

    /** Empty keeps them in this process only. */
    SiteMemories(Optional<Path> folder) {
        this.folder = folder;
    }

    /**
     * What was kept of this round; a copy.
     *
     * @throws MemoryGoneException if it is not there, or is not what was written
     * @throws IOException if it cannot be read now
     */
    synchronized float[] of(Place counted, int size) throws MemoryGoneException, IOException {
        ByteBuffer name = ByteBuffer.wrap(counted.hash().bytes());
        return entries(counted.run()).stream()
                .filter(entry -> entry.place().equals(name) && entry.values().length == size)
                .findFirst()
                .map(entry -> entry.values().clone())
                .orElseThrow(() -> new MemoryGoneException(counted.round()));
    }

    /**
     * Keeps what an answer leaves, beside that of the newest round that counted, and forgets all else of the run. On the disk
     * when this returns.
     *
     * @throws IOException if it cannot be written; the answer must not leave then
     * @throws IllegalStateException if the run is over, or this agent has answered a later round of it
     */
    synchronized void keep(Optional<Place> counted, float[] before, Place answered, float[] after) throws IOException {
        RunId run = answered.run();
        if (erased.contains(run) || newest.getOrDefault(run, 0) > answered.round()) {
            throw new IllegalStateException("round " + answered.round() + " of " + run + " is over");
        }
        newest.put(run, answered.round());
        List<Entry> entries = new ArrayList<>();
        counted.ifPresent(place -> entries.add(Entry.of(place, before.clone())));
        entries.add(Entry.of(answered, after.clone()));
        if (folder.isPresent()) {
            write(folder.get(), run, entries);
        } else {
            unwritten.put(run, entries);
        }
    }

    /** Erases what was kept for these runs, which are over, and keeps nothing for them any more. */
    synchronized void erase(Set<RunId> runs) {
        for (RunId run : runs) {
            if (erased.add(run)) {
                unwritten.remove(run);
                newest.remove(run);
                folder.ifPresent(home -> delete(file(home, run)));
            }
        }
    }

    /** The log begins anew, and may give its runs names that were there before. */
    synchronized void logBeginsAnew() {
        newest.clear();
        erased.clear();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(temporary(file));
        } catch (IOException e) {
            LOG.error("'{}' is of a run that is over, and cannot be deleted: {}", file, e.toString());
        }
    }

    private List<Entry> entries(RunId run) throws IOException {
        if (folder.isEmpty()) {
            return unwritten.getOrDefault(run, List.of());
        }
        Path file = file(folder.get(), run);
        if (!Files.exists(file)) {
            return List.of();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        try {
            return read(bytes);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            LOG.error("'{}' is not what was written: {}", file, e.toString());
            return List.of();
        }
    }

    private static List<Entry> read(ByteBuffer bytes) {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        if (!ByteBuffer.wrap(HEADER).equals(take(bytes, HEADER.length))) {
            throw new IllegalArgumentException("it is of another version");
        }
        List<Entry> entries = new ArrayList<>();
        while (bytes.hasRemaining()) {
            ByteBuffer place = take(bytes, HASH_BYTES);
            ByteBuffer hash = take(bytes, HASH_BYTES);
            int count = bytes.getInt();
            if (count < 0 || (long) count * Float.BYTES > bytes.remaining()) {
                throw new IllegalArgumentException("it is cut short");
            }
            float[] values = new float[count];
            bytes.asFloatBuffer().get(values);
            bytes.position(bytes.position() + count * Float.BYTES);
            if (!ByteBuffer.wrap(Tensors.sha256(values).bytes()).equals(hash)) {
                throw new IllegalArgumentException("its content has another SHA-256");
            }
            entries.add(new Entry(place, values));
        }
        return entries;
    }

    private static ByteBuffer take(ByteBuffer bytes, int count) {
        byte[] taken = new byte[count];
        bytes.get(taken);
        return ByteBuffer.wrap(taken);
    }

    private static void write(Path home, RunId run, List<Entry> entries) throws IOException {
        OwnerOnly.createFolders(home);
        Path file = file(home, run);
        Path temporary = temporary(file);
        OwnerOnly.createFile(temporary);
        // Not a FileChannel: that one is closed when a thread that writes to it is interrupted.
        try (FileOutputStream output = new FileOutputStream(temporary.toFile())) {
            output.write(HEADER);
            for (Entry entry : entries) {
                output.write(bytes(entry).array());
            }
            output.getFD().sync();
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static ByteBuffer bytes(Entry entry) {
        float[] values = entry.values();
        ByteBuffer bytes = ByteBuffer.allocate(
                        Math.addExact(ENTRY_BYTES, Math.multiplyExact(values.length, Float.BYTES)))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(entry.place().duplicate()).put(Tensors.sha256(values).bytes());
        bytes.putInt(values.length).asFloatBuffer().put(values);
        return bytes;
    }

    private static Path file(Path home, RunId run) {
        return home.resolve(run + ENDING);
    }

    private static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }
}
