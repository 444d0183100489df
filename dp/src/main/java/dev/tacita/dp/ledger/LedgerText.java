package dev.tacita.dp.ledger;

import dev.tacita.core.RunId;
import dev.tacita.dp.accounting.NeighbouringRelation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Version 1 of the lines of a ledger: words between single spaces, the last of which is {@link #hash} of those before it. */
final class LedgerText {
    static final String KIND = "tacita-privacy-ledger";
    static final String VERSION = "1";
    static final String START = "0".repeat(64);

    private static final String NONE = "-";

    private LedgerText() {}

    /** SHA-256 of the hash of the line before it ({@link #START} for the first), a space, and the line's own words. */
    static String hash(String previous, String words) {
        try {
            byte[] bytes = (previous + " " + words).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String first(String owner, Instant time) {
        return String.join(" ", KIND, VERSION, Words.write(owner), time.toString());
    }

    static String write(LedgerEntry entry) {
        String head = entry.number() + " " + entry.time() + " ";
        if (entry instanceof LedgerEntry.Declared declared) {
            PrivacyBudget budget = declared.budget();
            return head
                    + String.join(
                            " ",
                            "budget",
                            Words.write(declared.dataset()),
                            Double.toString(budget.epsilon()),
                            Double.toString(budget.delta()),
                            budget.relation().word(),
                            budget.accountant().word());
        } else if (entry instanceof LedgerEntry.Spent spent) {
            DataUse use = spent.use();
            return head
                    + String.join(
                            " ",
                            "spent",
                            Words.write(use.dataset()),
                            use.run().map(RunId::value).orElse(NONE),
                            use.round().isPresent()
                                    ? Integer.toString(use.round().getAsInt())
                                    : NONE,
                            Words.write(use.purpose()),
                            use.relation().word(),
                            Long.toString(spent.steps()),
                            EventText.write(spent.event()));
        } else if (entry instanceof LedgerEntry.Unused unused) {
            return head + "unused " + unused.entry() + " " + unused.steps();
        }
        throw new IllegalStateException("an entry that has no text: " + entry);
    }

    /** @throws IllegalArgumentException if it is no entry of this version, or not written as one */
    static LedgerEntry read(String words) {
        List<String> parts = List.of(words.split(" ", -1));
        long number = Long.parseLong(parts.get(0));
        Instant time = time(parts.get(1));
        LedgerEntry entry =
                switch (parts.get(2)) {
                    case "budget" ->
                        new LedgerEntry.Declared(number, time, Words.read(parts.get(3)), budget(parts.subList(4, 8)));
                    case "spent" ->
                        new LedgerEntry.Spent(
                                number,
                                time,
                                use(parts.subList(3, 8)),
                                EventText.read(parts.get(9)),
                                Long.parseLong(parts.get(8)));
                    case "unused" ->
                        new LedgerEntry.Unused(
                                number, time, Long.parseLong(parts.get(3)), Long.parseLong(parts.get(4)));
                    default ->
                        throw new IllegalArgumentException(
                                "an entry of the kind '" + parts.get(2) + "' is not one that this version knows");
                };
        int count = write(entry).split(" ", -1).length;
        if (parts.size() != count) {
            throw new IllegalArgumentException("it has " + parts.size() + " words instead of " + count);
        }
        return entry;
    }

    private static PrivacyBudget budget(List<String> parts) {
        return new PrivacyBudget(
                Double.parseDouble(parts.get(0)),
                Double.parseDouble(parts.get(1)),
                NeighbouringRelation.of(parts.get(2)),
                BudgetAccountant.of(parts.get(3)));
    }

    private static DataUse use(List<String> parts) {
        return new DataUse(
                Words.read(parts.get(0)),
                unless(NONE, parts.get(1), RunId::new),
                unless(NONE, parts.get(2), Integer::valueOf)
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty()),
                Words.read(parts.get(3)),
                NeighbouringRelation.of(parts.get(4)));
    }

    private static <T> Optional<T> unless(String none, String word, Function<String, T> reader) {
        return word.equals(none) ? Optional.empty() : Optional.of(reader.apply(word));
    }

    private static Instant time(String word) {
        try {
            return Instant.parse(word);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("'" + word + "' is not a time", e);
        }
    }
}
