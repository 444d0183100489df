package dev.tacita.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.core.RunId;
import dev.tacita.dp.ledger.DataUse;
import dev.tacita.dp.ledger.EventText;
import dev.tacita.dp.ledger.LedgerContents;
import dev.tacita.dp.ledger.LedgerEntry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        description = {
            "Shows that every entry of a ledger follows the one before it, and lists them.",
            "Keep the head that it prints elsewhere: with --expect it shows later that no entry up to it was lost."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "2:the ledger cannot be read, was changed, or does not have the expected entry"})
final class PrivacyLedgerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LEDGER", description = "The ledger's file. It may be in use.")
    private Path file;

    @Option(names = "--expect", paramLabel = "HEAD", description = "A head that was printed before.")
    private @Nullable String expected;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        LedgerContents contents = LedgerContents.read(file);
        if (expected != null && !contents.contains(expected)) {
            throw new UnusableException(file + ": no line has the hash " + expected
                    + ": entries up to it were lost or replaced, or it is the head of another ledger.");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(contents));
        } else {
            print(contents, out);
        }
        out.flush();
        return 0;
    }

    private static void print(LedgerContents contents, PrintWriter out) {
        out.println("ledger of " + contents.owner() + ", " + contents.entries().size()
                + " entries; each follows the one before it");
        if (contents.torn()) {
            out.println("a last entry that is not whole is left out: it is being written now, or a crash cut it short");
        }
        out.println("head " + contents.head());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("LINE", "TIME", "DATA SET", "RUN", "ROUND", "WHAT"));
        contents.entries().forEach(entry -> rows.add(row(entry)));
        Columns.of(rows).forEach(out::println);
    }

    private static List<String> row(LedgerEntry entry) {
        String line = Long.toString(entry.number());
        String time = entry.time().toString();
        if (entry instanceof LedgerEntry.Declared declared) {
            return List.of(line, time, declared.dataset(), "-", "-", "budget: " + declared.budget());
        } else if (entry instanceof LedgerEntry.Spent spent) {
            DataUse use = spent.use();
            return List.of(
                    line,
                    time,
                    use.dataset(),
                    use.run().map(RunId::value).orElse("-"),
                    round(use),
                    use.purpose() + ": " + spent.steps() + " x " + EventText.write(spent.event()));
        } else if (entry instanceof LedgerEntry.Unused unused) {
            return List.of(line, time, "-", "-", "-", unused.steps() + " steps of line " + unused.entry() + " unused");
        }
        throw new IllegalStateException("an entry that has no row: " + entry);
    }

    private static String json(LedgerContents contents) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("owner", contents.owner())
                .put("head", contents.head())
                .put("torn", contents.torn());
        contents.entries().forEach(entry -> node.withArray("entries").add(json(entry)));
        return node.toString();
    }

    private static ObjectNode json(LedgerEntry entry) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("line", entry.number())
                .put("time", entry.time().toString());
        if (entry instanceof LedgerEntry.Declared declared) {
            node.put("kind", "budget")
                    .put("dataset", declared.dataset())
                    .put("epsilon", declared.budget().epsilon())
                    .put("delta", declared.budget().delta())
                    .put("relation", declared.budget().relation().word())
                    .put("accountant", declared.budget().accountant().word());
        } else if (entry instanceof LedgerEntry.Spent spent) {
            DataUse use = spent.use();
            node.put("kind", "spent").put("dataset", use.dataset());
            use.run().ifPresent(run -> node.put("run", run.value()));
            use.round().ifPresent(round -> node.put("round", round));
            node.put("purpose", use.purpose())
                    .put("relation", use.relation().word())
                    .put("steps", spent.steps())
                    .put("event", EventText.write(spent.event()));
        } else if (entry instanceof LedgerEntry.Unused unused) {
            node.put("kind", "unused").put("entry", unused.entry()).put("steps", unused.steps());
        }
        return node;
    }

    private static String round(DataUse use) {
        return use.round().isPresent() ? Integer.toString(use.round().getAsInt()) : "-";
    }
}
