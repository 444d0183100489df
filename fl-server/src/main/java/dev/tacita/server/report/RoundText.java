package dev.tacita.server.report;

import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import java.util.Locale;
import java.util.OptionalDouble;

/** A round in words and figures. */
final class RoundText {
    private RoundText() {}

    static String of(RoundLine line) {
        StringBuilder text = new StringBuilder(name(line));
        if (line.place().attempt() > 1) {
            text.append("  attempt ").append(line.place().attempt());
        }
        if (line.outcome() == RoundOutcome.COMPLETED) {
            text.append("  loss ").append(figure(line.loss()));
            if (line.classifies()) {
                text.append("  accuracy ").append(figure(line.accuracy()));
            }
        } else {
            text.append("  below quorum");
        }
        if (line.epsilon().isPresent()) {
            text.append("  epsilon ").append(figure(line.epsilon()));
        }
        return text.append("  sites ")
                .append(line.counted().size())
                .append('/')
                .append(line.asked())
                .append("  ")
                .append(bytes(line.bytes()))
                .append("  ")
                .append(String.format(Locale.ROOT, "%.1f s", line.seconds()))
                .toString();
    }

    private static String name(RoundLine line) {
        if (line.purpose() == Purpose.EVALUATE) {
            return "final test";
        }
        String rounds = Integer.toString(line.rounds());
        return String.format(
                Locale.ROOT, "round %" + rounds.length() + "d/%s", line.place().round(), rounds);
    }

    private static String figure(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.4f", value.getAsDouble()) : "-";
    }

    /** With three figures or so, in decimal units. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        do {
            value /= 1000;
            unit++;
        } while (value >= 999.95 && unit < 3);
        return String.format(Locale.ROOT, "%.1f %cB", value, "kMGT".charAt(unit));
    }
}
