package dev.tacita.client;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.wire.Hash;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Over which sites the aggregator may have the sum of a round that this site is in. It is on the disk before the site helps to take
 * masks off; so an agent that was started anew, and reads a log that somebody has changed meanwhile, still is in one sum of
 * a round only. Lines of text, only ever appended. For several threads.
 */
final class SummedRounds {
    private static final String HEADER = "tacita summed rounds, version 1";
    private static final int FIRST_SITE = 3;

    private final Optional<Path> file;
    private final Map<Question, Set<SiteId>> sums = new HashMap<>();

    /** What a round asks of the site, and from what it starts: each attempt at it asks the same. */
    record Question(RunId run, int round, Hash model) {}

    private SummedRounds(Optional<Path> file) {
        this.file = file;
    }

    /**
     * Reads the file, if there is one; empty remembers for this life only. A last line that a crash cut short is taken away:
     * what it names has not left.
     *
     * @throws ProblemsException if it cannot be read
     */
    static SummedRounds open(Optional<Path> file) {
        SummedRounds rounds = new SummedRounds(file);
        file.filter(Files::exists).ifPresent(rounds::read);
        return rounds;
    }

    private void read(Path from) {
        int number = 1;
        try {
            List<String> lines = wholeLines(from);
            if (!lines.isEmpty() && !lines.get(0).equals(HEADER)) {
                throw unreadable(from, "line 1 must be '" + HEADER + "'.");
            }
            for (number = 2; number <= lines.size(); number++) {
                String[] words = lines.get(number - 1).split(" ", -1);
                sums.put(
                        new Question(new RunId(words[0]), Integer.parseInt(words[1]), Hash.parse(words[2])),
                        Arrays.stream(words, FIRST_SITE, words.length)
                                .map(SiteId::new)
                                .collect(Collectors.toUnmodifiableSet()));
            }
        } catch (IOException e) {
            throw unreadable(from, "it cannot be read: " + e + ".");
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw unreadable(from, "line " + number + " must be a run, a round, a model and sites.");
        }
    }

    private static List<String> wholeLines(Path from) throws IOException {
        try (FileChannel channel = FileChannel.open(from, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            byte[] bytes = Files.readAllBytes(from);
            int whole = bytes.length;
            while (whole > 0 && bytes[whole - 1] != '\n') {
                whole--;
            }
            if (whole < bytes.length) {
                channel.truncate(whole);
            }
            return new String(bytes, 0, whole, StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static ProblemsException unreadable(Path file, String rule) {
        return new ProblemsException(
                file.toString(),
                List.of(new Problem(
                        "the record of sums that this site is in",
                        rule,
                        "Without it the site could be in two sums of one round, whose difference shows what sites sent. Restore it; or"
                                + " delete it, if no run under secure aggregation goes on.")));
    }

    /** The sites of the sum that the aggregator may have; empty if this site has helped to none. */
    synchronized Optional<Set<SiteId>> find(Question question) {
        return Optional.ofNullable(sums.get(question));
    }

    /**
     * Notes a sum that the site is about to help to.
     *
     * @throws IOException if that could not be written; the site must not help then
     */
    synchronized void note(Question question, Set<SiteId> sites) throws IOException {
        if (sites.equals(sums.get(question))) {
            return;
        }
        if (file.isPresent()) {
            append(file.get(), question, sites);
        }
        sums.put(question, Set.copyOf(sites));
    }

    private static void append(Path to, Question question, Set<SiteId> sites) throws IOException {
        OwnerOnly.createFile(to);
        // Not a FileChannel: that one is closed when a thread that writes to it is interrupted.
        try (RandomAccessFile output = new RandomAccessFile(to.toFile(), "rw")) {
            long end = output.length();
            String line = question.run() + " " + question.round() + " " + question.model() + " "
                    + new TreeSet<>(sites).stream().map(SiteId::value).collect(Collectors.joining(" ")) + "\n";
            output.seek(end);
            try {
                output.write(((end == 0 ? HEADER + "\n" : "") + line).getBytes(StandardCharsets.UTF_8));
                output.getFD().sync();
            } catch (IOException e) {
                output.setLength(end);
                throw e;
            }
        }
    }
}
