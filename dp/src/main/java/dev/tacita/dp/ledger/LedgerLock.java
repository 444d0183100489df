package dev.tacita.dp.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to write to a ledger, held by one user in one process: a lock on the file {@code <ledger>.lock} beside it, which stays
 * there and says that there is a ledger.
 */
final class LedgerLock implements AutoCloseable {
    // An operating system may drop a process's lock when any channel of that process to the file is closed.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();
    private static final String HELD = "another process, or another part of this one, spends from it.";
    private static final String REMEDY = "All runs on the same data must go through one open ledger; stop the other.";

    private final Path file;
    private final FileChannel channel;

    private LedgerLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws LedgerException if another holds it */
    static LedgerLock take(Path ledger) throws IOException {
        Path file = ledger.resolveSibling(ledger.getFileName() + ".lock");
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // It stays for ever.
        }
        Path real = file.toRealPath();
        if (!HELD_HERE.add(real)) {
            throw new LedgerException(ledger, HELD, REMEDY);
        }
        @Nullable FileChannel channel = null;
        boolean held = false;
        try {
            channel = FileChannel.open(real, StandardOpenOption.READ, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            held = lock != null;
            if (!held) {
                throw new LedgerException(ledger, HELD, REMEDY);
            }
            return new LedgerLock(real, channel);
        } finally {
            if (!held) {
                HELD_HERE.remove(real);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    /** Whether a ledger was begun under this lock, now or long ago. */
    boolean knowsOfALedger() throws IOException {
        return channel.size() > 0;
    }

    /** From now on, and after any restart, {@link #knowsOfALedger} is true. */
    void rememberTheLedger() throws IOException {
        channel.write(ByteBuffer.wrap("A privacy ledger lies beside this file.\n".getBytes(StandardCharsets.UTF_8)), 0);
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
