package dev.tacita.server.report;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.server.report.RunHistory.Pause;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.AggregatorMessage.SiteRefused;
import dev.tacita.wire.Hash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The tables of a report. */
final class ReportTables {
    private final RunHistory history;
    private final List<RoundLine> lines;

    ReportTables(RunHistory history) {
        this.history = history;
        this.lines = history.lines();
    }

    /** Of each site and pooled; empty if there was no final evaluation or no site shares its metrics. */
    Optional<Table> finalTest() {
        Optional<RoundLine> test =
                history.finalTest().filter(line -> line.test().isPresent());
        return test.map(line -> {
            boolean classifies = line.classifies();
            Table table = classifies
                    ? Table.of(
                            "Final model on each site's test rows",
                            "Site",
                            "#Test rows",
                            "#Accuracy",
                            "#Correct",
                            "#Loss")
                    : Table.of("Final model on each site's test rows", "Site", "#Test rows", "#Loss");
            for (Counted counted : line.counted()) {
                table.row(testCells(counted.site().value(), counted.test(), classifies));
            }
            return table.total(testCells("All sites pooled", line.test(), classifies));
        });
    }

    private static String[] testCells(String name, Optional<Evaluation> test, boolean classifies) {
        Optional<Evaluation> some = RoundLine.some(test);
        String rows = some.map(it -> Figures.count(it.examples())).orElse("not shared");
        if (!classifies) {
            return new String[] {name, rows, Figures.loss(test)};
        }
        String correct = some.map(it -> Figures.count(it.correct())).orElse("–");
        return new String[] {name, rows, Figures.accuracy(test), correct, Figures.loss(test)};
    }

    /** How often each site was asked, counted and missing, with its last reason. */
    Table participation() {
        Map<SiteId, Integer> counted = new HashMap<>();
        Map<SiteId, Integer> missing = new HashMap<>();
        Map<SiteId, String> reasons = new HashMap<>();
        Map<SiteId, Double> seconds = new HashMap<>();
        for (RoundLine line : lines) {
            line.counted().forEach(it -> {
                counted.merge(it.site(), 1, Integer::sum);
                seconds.merge(it.site(), it.seconds(), Double::sum);
            });
            line.missing().forEach((site, reason) -> {
                missing.merge(site, 1, Integer::sum);
                reasons.put(site, reason);
            });
        }
        Table table = Table.of(
                "Rounds by site",
                "Site",
                "#Counted",
                "#Missing",
                history.plan().algorithm() instanceof FedBuff ? "#Not asked, or at work" : "#Not asked",
                "#Mean seconds",
                "Last reason for missing");
        for (SiteId site : history.sites()) {
            int yes = counted.getOrDefault(site, 0);
            int no = missing.getOrDefault(site, 0);
            table.row(
                    site.value(),
                    Figures.count(yes),
                    Figures.count(no),
                    Figures.count(lines.size() - yes - no),
                    seconds.getOrDefault(site, 0.0) == 0 ? "–" : Figures.seconds(seconds.getOrDefault(site, 0.0) / yes),
                    reasons.getOrDefault(site, ""));
        }
        return table;
    }

    /** One row for each try at a round. */
    Table rounds() {
        Table table = Table.of(
                "Rounds",
                "Round",
                "Outcome",
                "#Sites",
                "#Training loss",
                "#Validation loss",
                "#Validation accuracy",
                "#Bytes",
                "#Time");
        for (RoundLine line : lines) {
            table.row(
                    ReportData.name(line).replace(" (below quorum)", ""),
                    line.outcome() == RoundOutcome.COMPLETED ? "completed" : "below quorum",
                    line.counted().size() + " / " + line.asked(),
                    Figures.loss(line.training()),
                    Figures.loss(line.validation()),
                    line.classifies() ? Figures.accuracy(line.validation()) : "–",
                    RoundText.bytes(line.bytes()),
                    Figures.seconds(line.seconds()));
        }
        return table;
    }

    /** What each round had revealed when it closed, in all and of each site; empty if the run adds no noise. */
    Optional<Table> epsilons() {
        Optional<RunPrivacy> privacy = RunPrivacy.of(history.plan());
        List<SiteId> sites = history.sites().stream()
                .filter(site -> history.epsilon(site).isPresent())
                .limit(ReportData.MOST_LINES)
                .toList();
        return privacy.map(it -> {
            List<String> columns = new ArrayList<>(List.of("Round", "#Largest"));
            sites.forEach(site -> columns.add("#" + site.value()));
            Table table = Table.of("Epsilon so far, " + it.text(), columns.toArray(String[]::new));
            for (RoundLine line : lines) {
                List<String> cells = new ArrayList<>(List.of(ReportData.name(line), Figures.epsilon(line.epsilon())));
                sites.forEach(site -> cells.add(Figures.epsilon(epsilon(line, site))));
                table.row(cells.toArray(String[]::new));
            }
            return table;
        });
    }

    private static OptionalDouble epsilon(RoundLine line, SiteId site) {
        return line.counted().stream()
                .filter(counted -> counted.site().equals(site))
                .flatMapToDouble(counted -> counted.epsilon().stream())
                .findFirst();
    }

    /** What sites refused. */
    Table refusals() {
        Table table = Table.of("Refusals", "Site", "Kind", "When", "Reasons");
        for (SiteRefused refused : history.refusals()) {
            String reasons = String.join(" ", refused.refusal().reasons());
            table.row(
                    refused.refusal().site().value(),
                    RoundLineJson.word(refused.refusal().kind()),
                    Figures.time(refused.at()),
                    reasons);
        }
        return table;
    }

    /** When the run waited. */
    Table pauses() {
        Table table = Table.of("Pauses", "From", "Until", "Reason");
        for (Pause pause : history.pauses()) {
            String until = pause.resumed().map(it -> Figures.time(it.at())).orElse("not resumed");
            table.row(Figures.time(pause.paused().at()), until, pause.paused().reason());
        }
        return table;
    }

    /** Where the model comes from. */
    Table provenance(Surroundings surroundings) {
        Table table = Table.of("Provenance", "What", "Value")
                .row("Run", history.run().value())
                .row("Privacy", Provenance.privacy(history))
                .row(
                        "Model (SHA-256 of its parameters)",
                        history.model().map(Hash::toString).orElse("none yet"))
                .row(
                        "Plan (SHA-256 of its text)",
                        history.planHash().map(Hash::toString).orElse("not opened"))
                .row(
                        "Rounds completed",
                        history.roundsCompleted() + " of " + history.plan().rounds())
                .row("Seed", Long.toString(history.plan().seed()))
                .row(
                        "Started",
                        history.opened().map(it -> Figures.time(it.at())).orElse("not yet"))
                .row("Ended", history.ended().map(it -> Figures.time(it.at())).orElse("not yet"))
                .row(
                        "Aggregator",
                        history.opened().map(RunOpened::aggregatorVersion).orElse("–"));
        return table.row("Code", surroundings.version() + ", commit " + surroundings.commit())
                .row("Java", surroundings.java())
                .row("System", surroundings.system())
                .row("Processor", surroundings.processor());
    }

    /** The plan in words. */
    Table plan() {
        Table table = Table.of("Plan", "What", "Value");
        PlanText.of(history.plan()).forEach((name, value) -> table.row(name, value));
        return table;
    }
}
