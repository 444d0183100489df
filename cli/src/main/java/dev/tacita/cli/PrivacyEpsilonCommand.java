package dev.tacita.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.cli.Opinions.Opinion;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Guarantee;
import dev.tacita.dp.ledger.EventText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "epsilon",
        mixinStandardHelpOptions = true,
        description = "Says what training with normal noise reveals, with the accountant and how it came to it.")
final class PrivacyEpsilonCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SampledSteps steps;

    @Mixin
    private WantedGuarantee wanted;

    @Option(names = "--all", description = "All accountants side by side.")
    private boolean all;

    @Option(names = "--json", description = "Print a JSON object; with --all: a list.")
    private boolean json;

    @Override
    public Integer call() {
        double noise = checkedNoise();
        Event step = steps.step(noise);
        Event event = step.times(steps.steps());
        PrintWriter out = spec.commandLine().getOut();
        String what = steps.steps() + " steps of " + EventText.write(step);
        if (all) {
            print(Opinions.of(wanted.relation(), event, wanted.delta()), what, out);
        } else {
            print(wanted.accountant().account(event).epsilon(wanted.delta()), what, out);
        }
        out.flush();
        return 0;
    }

    private double checkedNoise() {
        List<Problem> problems = new ArrayList<>();
        steps.collect(problems);
        wanted.collect(problems);
        if (steps.noiseMultiplier().isEmpty()) {
            problems.add(Problem.of("--noise-multiplier", "it must be given."));
        }
        if (!steps.saysHowMany()) {
            problems.add(Problem.of("--steps", "it or --epochs must be given."));
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException("these options say nothing that has an epsilon", problems);
        }
        return steps.noiseMultiplier().orElseThrow();
    }

    private void print(Guarantee guarantee, String what, PrintWriter out) {
        if (json) {
            out.println(node(guarantee).put("event", what));
            return;
        }
        out.println("epsilon " + Opinions.roundedUp(guarantee.epsilon()) + " at delta " + guarantee.delta()
                + ", neighbours: " + guarantee.relation());
        out.println("by " + Opinions.words(guarantee));
        out.println("for " + what);
    }

    private void print(Opinions opinions, String what, PrintWriter out) {
        if (json) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            opinions.opinions()
                    .forEach(opinion -> list.add(opinion.guarantee()
                            .map(PrivacyEpsilonCommand::node)
                            .orElseGet(() -> JsonNodeFactory.instance
                                    .objectNode()
                                    .put("accountant", opinion.accountant())
                                    .put("refusal", opinion.refusal()))));
            out.println(list);
            return;
        }
        out.println("at delta " + wanted.delta() + ", neighbours: " + wanted.relation() + ", for " + what);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ACCOUNTANT", "EPSILON", "WHAT IT IS", "HOW"));
        opinions.opinions().forEach(opinion -> rows.add(row(opinion)));
        Columns.of(rows).forEach(out::println);
    }

    private static List<String> row(Opinion opinion) {
        return opinion.guarantee()
                .map(guarantee -> List.of(
                        opinion.accountant(),
                        Opinions.roundedUp(guarantee.epsilon()),
                        Opinions.kind(guarantee),
                        guarantee.method()))
                .orElseGet(() -> List.of(opinion.accountant(), "-", "does not take it", opinion.refusal()));
    }

    static ObjectNode node(Guarantee guarantee) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("epsilon", guarantee.epsilon())
                .put("delta", guarantee.delta())
                .put("relation", guarantee.relation().word())
                .put("accountant", guarantee.accountant())
                .put("method", guarantee.method())
                .put("bound", guarantee.bound());
    }
}
