package dev.tacita.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tacita.dp.accounting.Guarantee;
import dev.tacita.dp.ledger.DatasetAccount;
import dev.tacita.dp.ledger.LedgerContents;
import dev.tacita.dp.ledger.PrivacyBudget;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "budget",
        mixinStandardHelpOptions = true,
        description = "Says what is spent and left of the budget of each data set, found from the entries of a ledger.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "2:the ledger cannot be read, or was changed"})
final class PrivacyBudgetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LEDGER", description = "The ledger's file. It may be in use.")
    private Path file;

    @Option(names = "--json", description = "Print a JSON list.")
    private boolean json;

    @Override
    public Integer call() {
        Collection<DatasetAccount> accounts =
                LedgerContents.read(file).accounts().values();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(accounts));
        } else if (accounts.isEmpty()) {
            out.println("no budgets yet");
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("DATA SET", "BUDGET", "SPENT", "LEFT", "DELTA", "NEIGHBOURS", "ACCOUNTANT"));
            accounts.forEach(account -> rows.add(row(account)));
            Columns.of(rows).forEach(out::println);
        }
        out.flush();
        return 0;
    }

    private static List<String> row(DatasetAccount account) {
        PrivacyBudget budget = account.budget();
        Guarantee spent = account.spent();
        return List.of(
                account.dataset(),
                Double.toString(budget.epsilon()),
                Opinions.roundedUp(spent.epsilon()),
                Opinions.roundedDown(left(budget, spent)),
                Double.toString(budget.delta()),
                budget.relation().toString(),
                spent.accountant() + ", " + spent.method());
    }

    private static String json(Collection<DatasetAccount> accounts) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        accounts.forEach(account -> {
            Guarantee spent = account.spent();
            list.addObject()
                    .put("dataset", account.dataset())
                    .put("budget", account.budget().epsilon())
                    .put("left", left(account.budget(), spent))
                    .set("spent", PrivacyEpsilonCommand.node(spent));
        });
        return list.toString();
    }

    private static double left(PrivacyBudget budget, Guarantee spent) {
        return Math.max(0, budget.epsilon() - spent.epsilon());
    }
}
