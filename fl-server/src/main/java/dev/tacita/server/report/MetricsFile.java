package dev.tacita.server.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lines of JSON, one for each closed round. In the normal case a line is appended; where the file is not what this
 * process wrote last, such as after a crash, it is compared with the lines that it should have and mended.
 */
final class MetricsFile {
    private final Path file;
    private int lines;
    private long length = -1;

    MetricsFile(Path file) {
        this.file = file;
    }

    /** Makes the file hold exactly these lines, of which those written before are the first. */
    void write(List<RoundLine> all) throws IOException {
        boolean known = length >= 0 && all.size() >= lines && Files.exists(file) && Files.size(file) == length;
        if (!known) {
            mend(all);
        } else if (all.size() > lines) {
            append(bytes(all.subList(lines, all.size())));
        }
        lines = all.size();
        length = Files.size(file);
    }

    /** Returns when what was written is on disk. */
    void force() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private void mend(List<RoundLine> all) throws IOException {
        byte[] wanted = bytes(all);
        byte[] found = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        if (!Arrays.equals(wanted, found) || !Files.exists(file)) {
            AtomicFile.replace(file, channel -> AtomicFile.writeAll(channel, ByteBuffer.wrap(wanted)));
        }
    }

    private void append(byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            AtomicFile.writeAll(channel, ByteBuffer.wrap(bytes));
        }
    }

    private static byte[] bytes(List<RoundLine> lines) {
        return lines.stream()
                .map(line -> line.toJson() + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }
}
