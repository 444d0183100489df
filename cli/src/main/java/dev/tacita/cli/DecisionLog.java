package dev.tacita.cli;

import dev.tacita.server.AggregatorListener;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.AggregatorMessage.RunPaused;
import dev.tacita.wire.AggregatorMessage.RunResumed;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.AggregatorMessage.SiteRefused;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator's log what the aggregator decided, a line for each decision. */
final class DecisionLog implements AggregatorListener {
    private static final Logger LOG = LoggerFactory.getLogger("dev.tacita.aggregator");

    @Override
    public void decided(AggregatorMessage message) {
        if (message instanceof SiteJoined joined) {
            LOG.info("site {} is present", joined.hello().site());
        } else if (message instanceof SiteLeft left) {
            LOG.info("site {} is left out: {}", left.site(), left.reason());
        } else if (message instanceof SiteRefused refused) {
            LOG.info(
                    "site {} does not take part in run {}: {}",
                    refused.refusal().site(),
                    refused.refusal().run(),
                    String.join(" ", refused.refusal().reasons()));
        } else if (message instanceof RunOpened opened) {
            LOG.info("run {} was submitted", opened.run());
        } else if (message instanceof RoundClosed closed) {
            LOG.info("{}: {}", closed.place(), outcome(closed));
        } else if (message instanceof RunPaused paused) {
            LOG.warn("run {} pauses: {}", paused.run(), paused.reason());
        } else if (message instanceof RunResumed resumed) {
            LOG.info("run {} goes on", resumed.run());
        } else if (message instanceof RunEnded ended) {
            LOG.info("run {} {}: {}", ended.run(), word(ended.outcome()), ended.reason());
        }
    }

    private static String outcome(RoundClosed closed) {
        long late = closed.counted().stream()
                .filter(each -> each.earlier().isPresent())
                .count();
        String text = word(closed.outcome()) + ", " + closed.counted().size() + " sites counted"
                + (late == 0 ? "" : ", " + late + " of them asked in earlier rounds")
                + (closed.atWork().isEmpty() ? "" : ", " + closed.atWork().size() + " still at work") + ", model "
                + closed.model().toString().substring(0, 12);
        return closed.missing().isEmpty()
                ? text
                : text + ", missing: "
                        + closed.missing().entrySet().stream()
                                .map(missing -> missing.getKey() + " (" + missing.getValue() + ")")
                                .sorted()
                                .collect(Collectors.joining(", "));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
