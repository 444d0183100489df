package dev.tacita.dp.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A ledger as it was when it was read: every line is shown to follow the one before it.
 *
 * <p>Not shown: that no lines are missing at its end, and that it was not written anew as a whole. Keep the {@link #head}
 * elsewhere, and ask {@link #contains} later.
 */
public final class LedgerContents {
    private static final String CHANGED = "Put back the file as it was written.";

    private final Path file;
    private final List<LedgerEntry> entries = new ArrayList<>();
    private final List<String> hashes = new ArrayList<>();
    private final LedgerState state = new LedgerState();
    private String owner = "";
    private Tail tail = Tail.WHOLE;
    private long length;

    private LedgerContents(Path file) {
        this.file = file;
    }

    /** How the file ends. */
    enum Tail {
        /** With the end of a line. */
        WHOLE,
        /** With a whole entry whose end of line is missing: it counts. */
        UNENDED,
        /** With part of an entry, which is not counted: its spending never returned. */
        TORN
    }

    /**
     * Reads a ledger that may be in use; nothing is locked or changed.
     *
     * @throws LedgerException if it is not there or no ledger of this version, or naming the first line that does not follow
     *     the one before it
     */
    public static LedgerContents read(Path file) {
        LedgerContents contents = new LedgerContents(file);
        try {
            contents.readAll(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            throw new LedgerException(file, "there is no such file.", "");
        } catch (IOException e) {
            throw new LedgerException(file, "it cannot be read: " + e + ".", "");
        }
        return contents;
    }

    /** Whose ledger it is, such as {@code site west}. */
    public String owner() {
        return owner;
    }

    /** All entries, in their order. */
    public List<LedgerEntry> entries() {
        return List.copyOf(entries);
    }

    /** The account of each data set, in the order of their declaration. */
    public Map<String, DatasetAccount> accounts() {
        return state.accounts();
    }

    /**
     * The account of a data set.
     *
     * @throws IllegalArgumentException if no budget was declared for it
     */
    public DatasetAccount account(String dataset) {
        return state.account(dataset);
    }

    /** The hash of the last line: 64 hexadecimal digits. */
    public String head() {
        return hashes.get(hashes.size() - 1);
    }

    /** Whether one of the lines has this hash: the ledger then begins as the one whose head it was. */
    public boolean contains(String hash) {
        return hashes.contains(hash);
    }

    /** Whether the last line was cut short by a crash, or is being written now. It is not among the entries. */
    public boolean torn() {
        return tail == Tail.TORN;
    }

    Tail tail() {
        return tail;
    }

    /** Bytes of the whole lines. */
    long length() {
        return length;
    }

    LedgerState state() {
        return state;
    }

    private void readAll(String text) {
        for (int number = 1; length < text.length(); number++) {
            int start = (int) length;
            int end = text.indexOf('\n', start);
            boolean ended = end >= 0;
            String line = text.substring(start, ended ? end : text.length());
            boolean last = !ended || end == text.length() - 1;
            if (number > 1 && last && (!ended || line.indexOf('\0') >= 0) && !follows(line)) {
                tail = Tail.TORN;
                return;
            }
            if (number == 1) {
                readFirst(line, ended);
            } else {
                readEntry(number, line);
            }
            length = start + line.length() + 1L;
            tail = ended ? Tail.WHOLE : Tail.UNENDED;
        }
        if (hashes.isEmpty()) {
            throw notALedger("it is empty");
        }
    }

    private void readFirst(String line, boolean ended) {
        String[] words = line.split(" ", -1);
        if (!ended || words.length < 2 || !words[0].equals(LedgerText.KIND)) {
            throw notALedger("its first line does not begin with '" + LedgerText.KIND + "'");
        }
        if (!words[1].equals(LedgerText.VERSION)) {
            throw new LedgerException(
                    file,
                    1,
                    "it has version " + words[1] + " of the format; this program knows version " + LedgerText.VERSION
                            + ".",
                    "Use the program that wrote it, or a newer one.");
        }
        follow(1, LedgerText.START, line);
        owner = Words.read(words[2]);
    }

    private void readEntry(int number, String line) {
        String words = follow(number, head(), line);
        try {
            LedgerEntry entry = LedgerText.read(words);
            if (entry.number() != number) {
                throw new IllegalArgumentException("It has the number " + entry.number() + ".");
            }
            state.apply(entry);
            entries.add(entry);
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw new LedgerException(
                    file,
                    number,
                    "it is no entry that this program can count: " + e.getMessage(),
                    "Use the program that wrote it, or a newer one.");
        }
    }

    private String follow(int number, String previous, String line) {
        int space = line.lastIndexOf(' ');
        String words = line.substring(0, Math.max(0, space));
        if (!LedgerText.hash(previous, words).equals(line.substring(space + 1))) {
            throw new LedgerException(
                    file, number, "this line was changed, or does not follow the line before it.", CHANGED);
        }
        hashes.add(line.substring(space + 1));
        return words;
    }

    private boolean follows(String line) {
        int space = line.lastIndexOf(' ');
        return space > 0 && LedgerText.hash(head(), line.substring(0, space)).equals(line.substring(space + 1));
    }

    private LedgerException notALedger(String why) {
        return new LedgerException(file, "this is not a privacy ledger: " + why + ".", "Check the name of the file.");
    }
}
