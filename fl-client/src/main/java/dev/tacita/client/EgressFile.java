package dev.tacita.client;

import dev.tacita.wire.Hash;
import dev.tacita.wire.Tensors;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of one JSON object a line, only ever appended to, each line flushed to the disk before what it names leaves.
 *
 * <p>Guarantee: each line has the SHA-256 of the line before it, so that a line that was changed, taken out or put in
 * is found by {@link #verify}. Not guaranteed: whoever can write the file can write all of it anew, or cut its end off;
 * keep the last hash elsewhere.
 */
public final class EgressFile implements EgressRecord {
    private static final Logger LOG = LoggerFactory.getLogger(EgressFile.class);
    private static final String START = "0".repeat(64);
    private static final Pattern LINE = Pattern.compile("\\{\"previous\":\"([0-9a-f]{64})\",.*}");

    private final RandomAccessFile output;
    private String previous;
    private long end;
    private boolean torn;

    private EgressFile(RandomAccessFile output, String previous) throws IOException {
        this.output = output;
        this.previous = previous;
        this.end = output.length();
    }

    /**
     * Opens the file, or begins it. A last line that a crash cut short is taken away: what it names has not left.
     *
     * @throws EgressException if it cannot be written, or its lines do not follow each other
     */
    public static EgressFile open(Path file) {
        try {
            if (Files.exists(file)) {
                takeAwayTornLine(file);
            }
            String previous = Files.exists(file) ? verify(file) : START;
            OwnerOnly.createFile(file);
            // Not a FileChannel: that one is closed for ever when a thread that writes to it is interrupted.
            return new EgressFile(new RandomAccessFile(file.toFile(), "rw"), previous);
        } catch (IOException e) {
            throw new EgressException("the egress record '" + file + "' cannot be written: " + e, e);
        }
    }

    /**
     * The hash of the last line, 64 zeros if there is none, once every line is shown to follow the one before it.
     *
     * @throws EgressException with the number of the first line that does not
     * @throws IOException if the file cannot be read
     */
    public static String verify(Path file) throws IOException {
        String previous = START;
        long number = 0;
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                number++;
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches() || !matcher.group(1).equals(previous)) {
                    throw new EgressException("line " + number + " of the egress record '" + file
                            + "' does not follow the line before it: the record has been changed");
                }
                previous = hash(line);
            }
        }
        return previous;
    }

    private static void takeAwayTornLine(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            while (end > 0) {
                last.clear();
                channel.read(last, end - 1);
                if (last.get(0) == '\n') {
                    break;
                }
                end--;
            }
            if (end < channel.size()) {
                LOG.warn("the last line of the egress record '{}' was cut short by a crash and is taken away", file);
                channel.truncate(end);
            }
        }
    }

    @Override
    public synchronized void note(Departure departure) {
        String line = line(departure);
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (torn) {
                output.setLength(end);
            }
            torn = true;
            output.seek(end);
            output.write(bytes);
            output.getFD().sync();
        } catch (IOException e) {
            throw new EgressException("the egress record cannot be written, so nothing leaves: " + e, e);
        }
        torn = false;
        end += bytes.length;
        previous = hash(line);
    }

    @Override
    public synchronized void close() {
        try {
            output.close();
        } catch (IOException e) {
            throw new EgressException("the egress record cannot be closed: " + e, e);
        }
    }

    private String line(Departure departure) {
        StringBuilder line = new StringBuilder(400)
                .append("{\"previous\":\"")
                .append(previous)
                .append("\",\"at\":\"")
                .append(departure.at())
                .append("\",\"kind\":\"")
                .append(departure.kind())
                .append('"');
        departure.run().ifPresent(run -> line.append(",\"run\":\"").append(run).append('"'));
        departure.round().ifPresent(round -> line.append(",\"round\":").append(round));
        departure.attempt().ifPresent(attempt -> line.append(",\"attempt\":").append(attempt));
        line.append(",\"bytes\":").append(departure.bytes());
        line.append(",\"sha256\":\"").append(departure.sha256()).append('"');
        departure
                .protection()
                .ifPresent(protection -> line.append(",\"protection\":\"")
                        .append(protection.name().toLowerCase(Locale.ROOT))
                        .append('"'));
        return line.append(",\"weight\":")
                .append(departure.weight())
                .append('}')
                .toString();
    }

    private static String hash(String line) {
        Hash hash = Tensors.sha256(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        return hash.toString();
    }
}
