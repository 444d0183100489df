package dev.tacita.dp.ledger;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.UnsupportedEventException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was revealed of the data sets of one site, or of one federation, and the budget of each.
 *
 * <p>Guarantee: when {@link #spend} returns, its steps are on the disk and count, so that noise which is drawn after that is never
 * missing from the ledger, whenever the process or the machine stops. Steps that would exceed the budget of their data set are
 * refused, also after a restart and whichever run asks, as long as all that is revealed of the data set goes through this one
 * file. What was spent is found from the entries by the budget's accountant each time; the file has no epsilon but the
 * budgets'.
 *
 * <p>Each line has a hash over itself and the line before it: one that was changed, taken out or moved is found when the ledger
 * is opened. Whoever can write the file can write all of it anew or cut off its end; keep {@link #head} elsewhere against that.
 *
 * <p>One user at a time holds a ledger, by a lock on a file beside it; threads may share it.
 */
public final class PrivacyLedger implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PrivacyLedger.class.getName());

    private final LedgerLock lock;
    private final LedgerFile file;
    private final LedgerState state;
    private final Clock clock;
    private final Optional<String> warning;
    private long lines;
    private boolean closed;

    private PrivacyLedger(
            LedgerLock lock, LedgerFile file, LedgerContents contents, Clock clock, Optional<String> warning) {
        this.lock = lock;
        this.file = file;
        this.state = contents.state();
        this.clock = clock;
        this.warning = warning;
        this.lines = contents.entries().size() + 1L;
    }

    /**
     * Takes the ledger, begun if there never was one here. A last entry that a crash cut short is cut off, and named in {@link
     * #warning}: its spending had not returned.
     *
     * @param file of the ledger; {@code <file>.lock} beside it is the lock, and shows later that there was a ledger
     * @param owner whose it is, such as {@code site west}: 1 to 200 printable characters, the same each time
     * @throws LedgerException if another holds it, it was changed, has another owner or version, or was there and is gone
     */
    public static PrivacyLedger open(Path file, String owner) {
        return open(file, owner, Clock.systemUTC());
    }

    /** As {@link #open(Path, String)}, with a clock for the times of the entries. */
    public static PrivacyLedger open(Path file, String owner, Clock clock) {
        Words.check("The owner of a ledger", owner);
        try {
            if (Files.isSymbolicLink(file) && !Files.exists(file)) {
                throw new LedgerException(
                        file,
                        "this is a link to a file that is not there, and what was spent may be in it.",
                        "Bring back what it points to, or name a file that is not a link.");
            }
            Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            LedgerLock lock = LedgerLock.take(real);
            boolean opened = false;
            try {
                PrivacyLedger ledger = open(real, owner, clock, lock);
                opened = true;
                return ledger;
            } finally {
                if (!opened) {
                    lock.close();
                }
            }
        } catch (IOException e) {
            throw new LedgerException(file, "it cannot be opened: " + e + ".", "");
        }
    }

    private static PrivacyLedger open(Path file, String owner, Clock clock, LedgerLock lock) throws IOException {
        if (!Files.exists(file)) {
            if (lock.knowsOfALedger()) {
                throw new LedgerException(
                        file,
                        "there was a ledger here, and it is gone, and with it what was spent.",
                        "Put it back; only if it is lost for good, and that is accepted, delete " + file.getFileName()
                                + ".lock to begin again from nothing.");
            }
            LedgerFile.begin(file, LedgerText.first(owner, now(clock)));
        }
        if (!lock.knowsOfALedger()) {
            lock.rememberTheLedger();
        }
        LedgerContents contents = LedgerContents.read(file);
        if (!contents.owner().equals(owner)) {
            throw new LedgerException(
                    file, 1, "this is the ledger of '" + contents.owner() + "', not of '" + owner + "'.", "");
        }
        Optional<String> warning = Optional.empty();
        if (contents.torn()) {
            String text = "the last entry of '" + file + "' was cut short by a crash and is taken away; its spending "
                    + "had not returned, so that nothing was revealed";
            LOG.log(System.Logger.Level.WARNING, text);
            warning = Optional.of(text);
        }
        return new PrivacyLedger(lock, LedgerFile.after(contents, file), contents, clock, warning);
    }

    /** What was mended when it was opened, if anything was. */
    public Optional<String> warning() {
        return warning;
    }

    /** The hash of the last line: kept elsewhere, it shows later that no entry up to it was lost ({@link LedgerContents#contains}). */
    public synchronized String head() {
        return file.head();
    }

    /** The account of each data set, in the order of their declaration. */
    public synchronized Map<String, DatasetAccount> accounts() {
        return state.accounts();
    }

    /**
     * The account of a data set.
     *
     * @throws IllegalArgumentException if no budget was declared for it
     */
    public synchronized DatasetAccount account(String dataset) {
        return state.account(dataset);
    }

    /**
     * Declares the budget of a data set, for ever; the same again changes nothing.
     *
     * @throws ProblemsException if it was declared before, and otherwise
     * @throws LedgerWriteException if it is not sure that it is on the disk
     */
    public synchronized void declare(String dataset, PrivacyBudget budget) {
        Words.check("The data set of a budget", dataset);
        requireNonNull(budget, "budget is null");
        Optional<PrivacyBudget> before =
                Optional.ofNullable(state.accounts().get(dataset)).map(DatasetAccount::budget);
        if (before.isEmpty()) {
            add(new LedgerEntry.Declared(lines + 1, now(), dataset, budget));
        } else if (!before.get().equals(budget)) {
            throw new ProblemsException(
                    "the privacy ledger",
                    List.of(new Problem(
                            "the budget of '" + dataset + "'",
                            "was declared as " + before.get() + " and is fixed; it cannot become " + budget + ".",
                            "")));
        }
    }

    /**
     * Counts steps as revealed. Call it before their noise is drawn; draw none unless it returns.
     *
     * @param use for what
     * @param event what one step reveals
     * @param steps 1 or more
     * @throws BudgetExceededException if the budget of the data set does not allow all of them; nothing is counted then
     * @throws UnsupportedEventException if the accountant of the budget cannot take the event
     * @throws IllegalArgumentException if the data set has no budget, the relation is not its budget's, or the accountant has only an
     *     approximation for the event
     * @throws LedgerWriteException if it is not sure that they are on the disk
     */
    public synchronized void spend(DataUse use, Event event, long steps) {
        LedgerEntry entry = new LedgerEntry.Spent(lines + 1, now(), use, event, steps);
        refuseOverspending(state.account(use), event, steps);
        add(entry);
    }

    /**
     * Counts a block of steps as revealed, to be run one by one: one entry and one accounting for all of them. Those that were not
     * run are given back when the reservation is closed, and are lost if the process ends before that. The exceptions are those
     * of {@link #spend}.
     */
    public synchronized Reservation reserve(DataUse use, Event event, long steps) {
        spend(use, event, steps);
        return new Reservation(this, lines, steps);
    }

    /** Lets another take the ledger. Open reservations keep their steps as spent. */
    @Override
    public synchronized void close() {
        closed = true;
        try (lock) {
            file.close();
        } catch (IOException e) {
            throw new LedgerWriteException("The ledger cannot be closed: " + e + ".", e);
        }
    }

    synchronized void giveBack(long entry, long steps) {
        add(new LedgerEntry.Unused(lines + 1, now(), entry, steps));
    }

    private static void refuseOverspending(DatasetAccount account, Event event, long steps) {
        double reached = account.with(event, steps).epsilon();
        if (!(reached <= account.budget().epsilon())) {
            throw new BudgetExceededException(account, event, steps, reached, account.between(event, 0, steps));
        }
    }

    private Instant now() {
        return now(clock);
    }

    private static Instant now(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void add(LedgerEntry entry) {
        if (closed) {
            throw new IllegalStateException("The ledger is closed; nothing can be spent.");
        }
        file.append(LedgerText.write(entry));
        state.apply(entry);
        lines++;
    }
}
