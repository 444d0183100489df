package dev.tacita.dp.ledger;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** The end of a ledger's file, to which lines are added. A line is on the disk when {@link #append} returns. */
final class LedgerFile implements AutoCloseable {
    private static final String OPEN_AGAIN = " Open the ledger again before anything more is revealed.";

    private final Path file;
    private final RandomAccessFile output;
    private final Optional<Object> identity;
    private String head;
    private long end;
    private boolean usable = true;

    private LedgerFile(Path file, RandomAccessFile output, String head, long end) throws IOException {
        this.file = file;
        this.output = output;
        this.identity = identity(file);
        this.head = head;
        this.end = end;
    }

    /** Makes the file with its first line; whenever the process ends, all of it is there or none. */
    static void begin(Path file, String words) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(bytes(words + " " + LedgerText.hash(LedgerText.START, words) + "\n"));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        forceFolder(file.toAbsolutePath().resolveSibling("."));
    }

    /** Goes on after these contents; part of a line at the end is cut off, an end of line that is missing is added. */
    static LedgerFile after(LedgerContents contents, Path file) throws IOException {
        // Not a FileChannel: that one is closed for ever when a thread that writes to it is interrupted.
        RandomAccessFile output = new RandomAccessFile(file.toFile(), "rw");
        switch (contents.tail()) {
            case WHOLE -> {}
            case TORN -> output.setLength(contents.length());
            case UNENDED -> {
                output.seek(contents.length() - 1);
                output.write('\n');
            }
        }
        output.getFD().sync();
        return new LedgerFile(file, output, contents.head(), contents.length());
    }

    String head() {
        return head;
    }

    /** @throws LedgerWriteException if it is not sure that the line is on the disk; nothing can be added from then on */
    void append(String words) {
        if (!usable) {
            throw new LedgerWriteException("An entry could not be written to '" + file + "' before." + OPEN_AGAIN);
        }
        usable = false;
        String hash = LedgerText.hash(head, words);
        byte[] bytes = bytes(words + " " + hash + "\n");
        try {
            if (output.length() != end || !identity(file).equals(identity)) {
                throw new LedgerWriteException(
                        "'" + file + "' was changed or replaced by another program." + OPEN_AGAIN);
            }
            output.seek(end);
            output.write(bytes);
            output.getFD().sync();
        } catch (IOException e) {
            throw new LedgerWriteException("An entry cannot be written to '" + file + "': " + e + "." + OPEN_AGAIN, e);
        }
        head = hash;
        end += bytes.length;
        usable = true;
    }

    @Override
    public void close() throws IOException {
        usable = false;
        output.close();
    }

    private static Optional<Object> identity(Path file) throws IOException {
        return Optional.ofNullable(
                Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    private static byte[] bytes(String line) {
        return line.getBytes(StandardCharsets.UTF_8);
    }

    /** Where the system lets a folder be opened: elsewhere a new name is on the disk without that, or soon after. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows.
        }
    }
}
