package dev.tacita.server.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Whole files: who opens one sees the old bytes or the new ones, whenever the process is killed. */
final class AtomicFile {
    private AtomicFile() {}

    /** Writes a file's content to a channel. */
    interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    static void write(Path file, byte[] bytes) throws IOException {
        write(file, channel -> writeAll(channel, ByteBuffer.wrap(bytes)));
    }

    /** On disk when it returns: a power cut leaves the old bytes or the new ones too. */
    static void write(Path file, Content content) throws IOException {
        replace(file, channel -> {
            content.writeTo(channel);
            channel.force(true);
        });
    }

    /** For a file that is checked and mended before it is used again. */
    static void replace(Path file, Content content) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            content.writeTo(channel);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
