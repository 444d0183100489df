package dev.tacita.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.dp.audit.AttackFigures;
import dev.tacita.dp.audit.AuditReport;
import dev.tacita.dp.audit.Interval;
import dev.tacita.dp.audit.LowerBound;
import dev.tacita.dp.audit.RateAt;
import dev.tacita.dp.audit.ReleaseDecision;
import java.util.List;
import java.util.Optional;

/** An audit as programs read it. */
final class AuditJson {
    private AuditJson() {}

    static String of(List<AuditReport> reports, Optional<ReleaseDecision> decision) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode runs = root.putArray("runs");
        for (AuditReport report : reports) {
            ObjectNode run = runs.addObject().put("run", report.subject());
            ArrayNode attacks = run.putArray("attacks");
            report.attacks().forEach(attack -> add(attacks.addObject(), attack));
            ArrayNode bounds = run.putArray("bounds");
            report.bounds().forEach(bound -> add(bounds.addObject(), bound));
        }
        decision.ifPresent(it -> {
            ObjectNode node = root.putObject("release")
                    .put("refused", it instanceof ReleaseDecision.Refused)
                    .put("claimed-epsilon", it.claim().epsilon())
                    .put("claimed-delta", it.claim().delta())
                    .put("relation", it.claim().relation().word());
            if (it instanceof ReleaseDecision.Refused refused) {
                node.put("epsilon-at-least", refused.bound().epsilon())
                        .put("allowed", refused.allowed())
                        .put("false-alarm", refused.falseAlarm());
            }
        });
        return root.toString();
    }

    private static void add(ObjectNode node, AttackFigures attack) {
        node.put("attack", attack.attack())
                .put("members", attack.members())
                .put("others", attack.nonMembers())
                .put("false-alarm", attack.falseAlarm());
        add(node.putObject("area-under-roc"), attack.areaUnderRoc());
        add(node.putObject("at-0.1-percent"), attack.atPerMille());
        add(node.putObject("at-1-percent"), attack.atPercent());
    }

    private static void add(ObjectNode node, RateAt rate) {
        add(node.putObject("false-positives"), rate.falsePositives());
        add(node.putObject("true-positives"), rate.truePositives());
    }

    private static void add(ObjectNode node, Interval interval) {
        node.put("estimate", interval.estimate()).put("low", interval.low()).put("high", interval.high());
    }

    private static void add(ObjectNode node, LowerBound bound) {
        node.put("epsilon-at-least", bound.epsilon())
                .put("delta", bound.delta())
                .put("false-alarm", bound.falseAlarm())
                .put("relation", bound.relation().word())
                .put("method", bound.method());
    }
}
