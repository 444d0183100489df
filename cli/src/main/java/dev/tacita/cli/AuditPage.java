package dev.tacita.cli;

import dev.tacita.dp.audit.AttackFigures;
import dev.tacita.dp.audit.AuditReport;
import dev.tacita.dp.audit.Interval;
import dev.tacita.dp.audit.LowerBound;
import dev.tacita.dp.audit.ReleaseDecision;
import dev.tacita.server.report.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An audit as people read it: in a terminal and as a page. */
final class AuditPage {
    private static final String HOW =
            "Members are training rows of this site, others are its test rows, paired within classes. "
                    + "An area under the ROC curve of 0.5 is what guessing achieves. The bounds on epsilon come from the guesses about "
                    + "the pairs (Steinke, Nasr and Jagielski 2023) and hold if the rows were split at random. A small bound "
                    + "does not prove that the model keeps its members to itself: another attack may be stronger.";

    private final List<AuditReport> reports;
    private final Optional<ReleaseDecision> decision;
    private final String study;

    /**
     * An audit.
     *
     * @param reports of the audited run and of those it is compared with
     * @param decision about the first
     * @param study how it was made, in one sentence
     */
    AuditPage(List<AuditReport> reports, Optional<ReleaseDecision> decision, String study) {
        this.reports = List.copyOf(reports);
        this.decision = decision;
        this.study = study;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(study);
        List<List<String>> cells = new ArrayList<>();
        cells.add(heads().stream()
                .map(head -> head.replace("#", "").toUpperCase(Locale.ROOT))
                .toList());
        cells.addAll(rows());
        lines.addAll(Columns.of(cells));
        decision.ifPresent(it -> lines.add(sentence(it)));
        return lines;
    }

    byte[] html() {
        Page page = new Page(
                "Tacita privacy audit",
                "Who was in the training data of " + reports.get(0).subject() + "?");
        page.section("What attacks find").note(HOW).paragraph(study).table("Attacks on membership", heads(), rows());
        decision.ifPresent(it -> page.section("Release").paragraph(sentence(it)));
        return page.html();
    }

    static String sentence(ReleaseDecision decision) {
        if (decision instanceof ReleaseDecision.Refused refused) {
            return "REFUSED. " + refused.sentence();
        }
        return "Not refused: no attack of this audit contradicts epsilon "
                + decision.claim().epsilon() + " at delta " + decision.claim().delta() + " ("
                + decision.claim().relation() + ").";
    }

    private List<String> heads() {
        return List.of(
                "Run",
                "Attack",
                "#Members",
                "#Area under ROC",
                "#Found at 0.1 % false",
                "#Found at 1 % false",
                "#Epsilon at least");
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        for (AuditReport report : reports) {
            for (int i = 0; i < report.attacks().size(); i++) {
                AttackFigures attack = report.attacks().get(i);
                LowerBound bound = report.bounds().get(i);
                rows.add(List.of(
                        report.subject(),
                        attack.attack(),
                        Integer.toString(attack.members()),
                        interval(attack.areaUnderRoc(), 1, 3),
                        interval(attack.atPerMille().truePositives(), 100, 1),
                        interval(attack.atPercent().truePositives(), 100, 1),
                        String.format(Locale.ROOT, "%.3f", bound.epsilon())));
            }
        }
        return rows;
    }

    private static String interval(Interval interval, double unit, int digits) {
        String format = "%." + digits + "f" + (unit == 100 ? " %%" : "") + " (%." + digits + "f to %." + digits + "f)";
        return String.format(
                Locale.ROOT, format, unit * interval.estimate(), unit * interval.low(), unit * interval.high());
    }
}
