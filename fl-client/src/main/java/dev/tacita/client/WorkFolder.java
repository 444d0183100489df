package dev.tacita.client;

import dev.tacita.core.FederationId;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Position;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that one agent works in: its place in the log in {@code agent.place}, its egress record in
 * {@code egress.jsonl}, what it has let be revealed in {@code privacy.ledger}, what algorithms keep at the site in {@code memory}, models of its own in {@code models}. Held by one agent at a time. The place is a convenience: a file that cannot be read is
 * reported and means the beginning.
 */
final class WorkFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);
    private static final String HEADER = "tacita agent place, version 1";

    private final Path folder;
    private final String owner;
    private final FileChannel lockFile;

    private WorkFolder(Path folder, String owner, FileChannel lockFile) {
        this.folder = folder;
        this.owner = owner;
        this.lockFile = lockFile;
    }

    /**
     * Takes the folder, made if it is not there.
     *
     * @throws ProblemsException if it cannot be written, or another agent holds it
     */
    static WorkFolder open(Path folder, FederationId federation, SiteId site) {
        try {
            OwnerOnly.createFolders(folder);
            Path lock = folder.resolve("agent.lock");
            OwnerOnly.createFile(lock);
            FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw problem(folder, "another agent works in this folder.", "Stop it, or name another folder.");
            }
            return new WorkFolder(folder, "federation " + federation + ", site " + site, channel);
        } catch (IOException e) {
            throw problem(folder, "the work folder cannot be written: " + e + ".", "");
        }
    }

    Path egressRecord() {
        return folder.resolve("egress.jsonl");
    }

    Path privacyLedger() {
        return folder.resolve("privacy.ledger");
    }

    Path keptUpdates() {
        return folder.resolve("kept");
    }

    Path personalModels() {
        return folder.resolve("models");
    }

    Path siteMemories() {
        return folder.resolve("memory");
    }

    Path summedRounds() {
        return folder.resolve("sums.txt");
    }

    /** The place last saved; empty if there is none, or it cannot be read. */
    Optional<AgentPlace> place() {
        Path file = folder.resolve("agent.place");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(Files.readAllLines(file)));
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            LOG.warn("'{}' cannot be read ({}); the log is read from its beginning", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Saves the place, all of it or nothing. */
    void save(AgentPlace place) throws IOException {
        StringBuilder text = new StringBuilder()
                .append(HEADER)
                .append('\n')
                .append(owner)
                .append('\n')
                .append("rounds ")
                .append(offsets(place.rounds()))
                .append('\n');
        place.models()
                .forEach((hash, position) -> text.append("model ")
                        .append(hash)
                        .append(' ')
                        .append(offsets(position))
                        .append('\n'));
        text.append("end\n");
        Path temporary = folder.resolve("agent.place.new");
        OwnerOnly.createFile(temporary);
        Files.writeString(temporary, text, StandardCharsets.UTF_8);
        Files.move(
                temporary,
                folder.resolve("agent.place"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            LOG.warn("the lock of '{}' cannot be released: {}", folder, e.getMessage());
        }
    }

    private AgentPlace parse(List<String> lines) {
        require(lines.get(0).equals(HEADER), "it is of another version");
        require(lines.get(1).equals(owner), "it is of another site or federation");
        require(lines.get(lines.size() - 1).equals("end"), "its end is missing");
        Position rounds = position(word(lines.get(2), "rounds", 2, 1));
        Map<Hash, Position> models = new LinkedHashMap<>();
        for (String line : lines.subList(3, lines.size() - 1)) {
            models.put(Hash.parse(word(line, "model", 3, 1)), position(word(line, "model", 3, 2)));
        }
        return new AgentPlace(rounds, models);
    }

    private static String word(String line, String kind, int words, int index) {
        List<String> parts = List.of(line.split(" ", -1));
        require(parts.size() == words && parts.get(0).equals(kind), "a line is not a '" + kind + "' line");
        return parts.get(index);
    }

    private static void require(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static Position position(String offsets) {
        return new Position(
                Arrays.stream(offsets.split(",", -1)).map(Long::valueOf).toList());
    }

    private static String offsets(Position position) {
        return position.offsets().stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static ProblemsException problem(Path folder, String why, String fix) {
        return new ProblemsException("the work folder", List.of(new Problem(folder.toString(), why, fix)));
    }
}
