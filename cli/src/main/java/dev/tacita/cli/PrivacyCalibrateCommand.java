package dev.tacita.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.dp.accounting.Accountant;
import dev.tacita.dp.accounting.Calibration;
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
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description = {
            "Says what keeps to a budget: the noise multiplier for so many steps (--steps or --epochs), or how many steps "
                    + "one noise multiplier lasts for (--noise-multiplier).",
            "What it says never exceeds the budget."
        })
final class PrivacyCalibrateCommand implements Callable<Integer> {
    private static final double MOST_STEPS = 1L << 30;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--epsilon",
            paramLabel = "EPSILON",
            required = true,
            description = "The budget at --delta. Required.")
    private double epsilon;

    @Mixin
    private SampledSteps steps;

    @Mixin
    private WantedGuarantee wanted;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    /** What keeps to the budget: one of the two was asked for. */
    private record Allowed(double noiseMultiplier, long steps, Guarantee guarantee) {}

    @Override
    public Integer call() {
        check();
        Accountant accountant = wanted.accountant();
        double noise = steps.noiseMultiplier().orElse(1.0);
        if (!guarantee(accountant, steps.step(noise)).bound()) {
            throw new UnusableException("--accountant must have an upper bound to keep a budget; " + accountant.name()
                    + " has only an approximation for these steps");
        }
        boolean wantsNoise = steps.noiseMultiplier().isEmpty();
        print(wantsNoise ? noise(accountant) : steps(accountant, noise), wantsNoise);
        return 0;
    }

    private void check() {
        List<Problem> problems = new ArrayList<>();
        steps.collect(problems);
        wanted.collect(problems);
        if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
            problems.add(Problem.of("--epsilon", "it must be a finite number above 0; it is " + epsilon + "."));
        }
        if (steps.noiseMultiplier().isPresent() == steps.saysHowMany()) {
            problems.add(Problem.of(
                    "--noise-multiplier", "give either it, or the number of steps by --steps or --epochs; not both."));
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException("these options ask for nothing that can be calibrated", problems);
        }
    }

    private Allowed noise(Accountant accountant) {
        long number = steps.steps();
        try {
            double noise = Calibration.noiseMultiplier(
                    accountant, each -> steps.step(each).times(number), epsilon, wanted.delta());
            double shown = Double.parseDouble(Opinions.roundedUp(noise));
            return new Allowed(
                    shown, number, guarantee(accountant, steps.step(shown).times(number)));
        } catch (IllegalArgumentException e) {
            throw new UnusableException(String.valueOf(e.getMessage()));
        }
    }

    private Allowed steps(Accountant accountant, double noise) {
        Event step = steps.step(noise);
        long most = Calibration.steps(accountant, step::times, epsilon, wanted.delta())
                .orElse((long) MOST_STEPS);
        return new Allowed(noise, most, guarantee(accountant, step.times(most)));
    }

    private Guarantee guarantee(Accountant accountant, Event event) {
        return accountant.account(event).epsilon(wanted.delta());
    }

    private void print(Allowed best, boolean wantsNoise) {
        PrintWriter out = spec.commandLine().getOut();
        Guarantee guarantee = best.guarantee();
        if (json) {
            ObjectNode node = PrivacyEpsilonCommand.node(guarantee);
            out.println(node.put("noise-multiplier", best.noiseMultiplier())
                    .put("steps", best.steps())
                    .put("step", EventText.write(steps.step(best.noiseMultiplier()))));
        } else {
            out.println(
                    wantsNoise
                            ? "noise multiplier " + best.noiseMultiplier()
                            : best.steps() + " steps" + (best.steps() >= MOST_STEPS ? " and more" : ""));
            out.println("epsilon " + Opinions.roundedUp(guarantee.epsilon()) + " at delta " + guarantee.delta()
                    + ", neighbours: " + guarantee.relation());
            out.println("by " + Opinions.words(guarantee));
            out.println("for " + best.steps() + " steps of " + EventText.write(steps.step(best.noiseMultiplier())));
        }
        out.flush();
    }
}
