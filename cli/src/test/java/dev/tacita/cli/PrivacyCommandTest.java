package dev.tacita.cli;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tacita.core.RunId;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.ledger.BudgetAccountant;
import dev.tacita.dp.ledger.DataUse;
import dev.tacita.dp.ledger.LedgerContents;
import dev.tacita.dp.ledger.LedgerSpending;
import dev.tacita.dp.ledger.PrivacyBudget;
import dev.tacita.dp.ledger.PrivacyLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tacita privacy} says, and that its page shows what it says. */
final class PrivacyCommandTest {
    private static final String MNIST =
            "--sampling poisson --batch 150 --examples 60000 --delta 1e-5 --relation add-or-remove-one ";
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])[0-9]+\\.[0-9]+(?:E-?[0-9]+)?(?![\\w.:-])");

    private Path ledger = Path.of("");

    @BeforeEach
    void writeALedger(@TempDir Path folder) {
        ledger = folder.resolve("cleveland.ledger");
        Clock clock = Clock.fixed(Instant.parse("2026-01-31T09:00:00Z"), ZoneOffset.UTC);
        try (PrivacyLedger open = PrivacyLedger.open(ledger, "site cleveland", clock)) {
            open.declare("heart-disease", new PrivacyBudget(3, 1e-3, ADD_OR_REMOVE_ONE, BudgetAccountant.RDP));
            open.spend(
                    DataUse.outsideRuns("heart-disease", "number of rows", ADD_OR_REMOVE_ONE),
                    new Event.Laplace(20),
                    1);
            spend(open, 1, 100);
            spend(open, 2, 40);
        }
    }

    /** The figures of TensorFlow Privacy's test (order 19), and of the classical conversion by the same orders. */
    @Test
    void epsilonHasItsAccountantConversionAndRelation() throws JsonProcessingException {
        String options = MNIST + "--noise-multiplier 1.3 --epochs 15 --accountant rdp";
        JsonNode answer = json(done("epsilon " + options + " --json"));
        assertThat(answer.required("epsilon").doubleValue()).isCloseTo(0.7242234026109595, within(1e-4));
        assertThat(answer.required("bound").booleanValue()).isTrue();
        assertThat(done("epsilon " + options))
                .contains("epsilon 0.7243", " at delta 1.0E-5, neighbours: add or remove one")
                .contains("by RDP, Canonne-Kamath-Steinke 2020 at order ", ", upper bound")
                .contains("for 6000 steps of poisson(0.0025,gaussian(1.3))");
        assertThat(done("epsilon " + MNIST + "--noise-multiplier 1.3 --epochs 15 --accountant gdp"))
                .contains("by GDP, central limit, mu ", "approximation, may be too small");
    }

    @Test
    void allAccountantsStandSideBySideAndTheTightestBoundIsTaken() throws JsonProcessingException {
        String options = "--sampling none --noise-multiplier 4 --steps 8 --delta 1e-5 --relation replace-one";
        JsonNode all = json(done("epsilon " + options + " --all --json"));
        List<String> names = new ArrayList<>();
        double smallest = Double.POSITIVE_INFINITY;
        for (JsonNode each : all) {
            names.add(each.required("accountant").textValue());
            if (each.required("bound").booleanValue()) {
                smallest = Math.min(smallest, each.required("epsilon").doubleValue());
            }
        }
        assertThat(names).containsExactly("RDP", "RDP", "PLD", "PRV", "GDP", "zCDP");
        assertThat(json(done("epsilon " + options + " --json"))
                        .required("epsilon")
                        .doubleValue())
                .isCloseTo(smallest, within(1e-9));
        assertThat(done("epsilon --sampling fixed-size --batch 9 --examples 100 --noise-multiplier 4 --epochs 2.01 "
                        + "--delta 1e-5 --relation replace-one --all"))
                .contains("for 23 steps of without-replacement(100,9,gaussian(4.0))")
                .contains("Mironov 2017 at order", "does not take it");
    }

    @Test
    void whatIsCalibratedNeverExceedsTheBudget() throws JsonProcessingException {
        String rdp = MNIST + "--accountant rdp --json ";
        JsonNode noise = json(done("calibrate --epsilon 2 --epochs 15 " + rdp));
        double multiplier = noise.required("noise-multiplier").doubleValue();
        assertThat(noise.required("epsilon").doubleValue()).isBetween(1.99, 2.0);
        assertThat(epsilon(rdp + "--steps 6000 --noise-multiplier " + multiplier))
                .isBetween(1.99, 2.0);

        JsonNode steps = json(done("calibrate --epsilon 2 --noise-multiplier 1.3 " + rdp));
        long most = steps.required("steps").longValue();
        assertThat(epsilon(rdp + "--noise-multiplier 1.3 --steps " + most)).isLessThanOrEqualTo(2);
        assertThat(epsilon(rdp + "--noise-multiplier 1.3 --steps " + (most + 1)))
                .isGreaterThan(2);
    }

    @Test
    void scriptsReadWhatALedgerHolds() throws JsonProcessingException {
        JsonNode budget = json(done("budget --json " + ledger)).required(0);
        assertThat(budget.required("dataset").textValue()).isEqualTo("heart-disease");
        double spent = budget.required("spent").required("epsilon").doubleValue();
        assertThat(spent)
                .isEqualTo(LedgerContents.read(ledger)
                        .account("heart-disease")
                        .spent()
                        .epsilon());
        assertThat(budget.required("left").doubleValue()).isEqualTo(3 - spent);
        JsonNode contents = json(done("ledger --json " + ledger));
        assertThat(contents.required("entries")).hasSize(5);
        assertThat(contents.required("entries").required(2).required("event").textValue())
                .isEqualTo("poisson(0.04,gaussian(1.2))");
        assertThat(contents.required("head").textValue())
                .isEqualTo(LedgerContents.read(ledger).head());
    }

    @Test
    void aChangedLedgerIsRefusedWithItsLineAndALostEndIsFoundByAKeptHead() throws IOException {
        String head = LedgerContents.read(ledger).head();
        assertThat(done("ledger " + ledger + " --expect " + head)).contains("5 entries");
        String text = Files.readString(ledger);
        Files.writeString(ledger, text.substring(0, text.lastIndexOf("6 2026")));
        assertThat(done("ledger " + ledger)).contains("4 entries");
        assertThat(refused("ledger " + ledger + " --expect " + head)).contains("no line has the hash " + head);
        Files.writeString(ledger, text.replace(" 100 poisson", " 10 poisson"));
        for (String command : List.of("ledger ", "budget ")) {
            assertThat(refused(command + ledger)).contains("cleveland.ledger:4: this line was changed");
        }
        Files.writeString(ledger, text + "7 2026-01");
        assertThat(done("ledger " + ledger)).contains("5 entries", "a last entry that is not whole is left out");
    }

    /** Words to the letter, numbers within a part in a hundred. */
    @Test
    void thePageShowsWhatTheCommandsSay() throws IOException {
        List<DocumentationPage.Example> examples =
                DocumentationPage.read("docs/privacy.md").examples("console");
        assertThat(examples).hasSizeGreaterThan(4);
        for (DocumentationPage.Example example : examples) {
            String text = example.text().replace("\\\n", " ");
            String command = text.lines().findFirst().orElseThrow();
            assertThat(command).startsWith("$ tacita privacy ");
            String shown = text.substring(command.length()).strip();
            String said = done(command.replaceFirst("\\$ tacita privacy ", "")
                    .replace("cleveland.ledger", ledger.toString())
                    .strip()
                    .replaceAll("\\s+", " "));
            assertThat(words(said)).as(command).isEqualTo(words(shown));
            List<Double> numbers = numbers(said);
            List<Double> onThePage = numbers(shown);
            assertThat(onThePage).as(command).hasSameSizeAs(numbers);
            for (int i = 0; i < numbers.size(); i++) {
                assertThat(onThePage.get(i)).as(command).isCloseTo(numbers.get(i), within(0.01 * numbers.get(i)));
            }
        }
    }

    private static void spend(PrivacyLedger open, int round, int steps) {
        DataUse use = DataUse.inRound(new RunId("heart-1"), round, "heart-disease", "dp-sgd", ADD_OR_REMOVE_ONE);
        try (LedgerSpending spending = new LedgerSpending(open, use, 100)) {
            for (int step = 0; step < steps; step++) {
                spending.spend(new Event.PoissonSampled(0.04, new Event.Gaussian(1.2)));
            }
        }
    }

    private static double epsilon(String options) throws JsonProcessingException {
        return json(done("epsilon " + options)).required("epsilon").doubleValue();
    }

    private static String words(String text) {
        return NUMBER.matcher(text.replaceAll("(does not take it).*", "$1"))
                .replaceAll("#")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static List<Double> numbers(String text) {
        Matcher matcher = NUMBER.matcher(text.replaceAll("does not take it.*", ""));
        return matcher.results().map(MatchResult::group).map(Double::valueOf).toList();
    }

    private static String done(String command) {
        Typed typed = Typed.tacita(("privacy " + command).strip().split(" ", -1));
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(typed.err()).isEmpty();
        return typed.out();
    }

    private static String refused(String command) {
        Typed typed = Typed.tacita(("privacy " + command).strip().split(" ", -1));
        assertThat(typed.exitCode()).isEqualTo(Failures.UNUSABLE);
        assertThat(typed.out()).isEmpty();
        return typed.err();
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new JsonMapper().readTree(text);
    }
}
