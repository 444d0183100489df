package dev.tacita.server.report;

import dev.tacita.core.learning.Evaluation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Figures as people read them. */
final class Figures {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Figures() {}

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202f');
    }

    static String loss(Optional<Evaluation> evaluation) {
        return RoundLine.some(evaluation)
                .map(it -> String.format(Locale.ROOT, "%.4f", it.loss()))
                .orElse("–");
    }

    static String accuracy(Optional<Evaluation> evaluation) {
        return RoundLine.some(evaluation)
                .map(it -> String.format(Locale.ROOT, "%.1f\u202f%%", 100 * it.accuracy()))
                .orElse("–");
    }

    static String epsilon(OptionalDouble epsilon) {
        return epsilon.isPresent() ? String.format(Locale.ROOT, "%.4f", epsilon.getAsDouble()) : "–";
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f\u202fs", seconds);
    }

    /** In the two largest units. */
    static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds(duration.toMillis() / 1000.0);
        }
        if (seconds < 3600) {
            return seconds / 60 + "\u202fmin " + seconds % 60 + "\u202fs";
        }
        return seconds / 3600 + "\u202fh " + seconds % 3600 / 60 + "\u202fmin";
    }

    static String plural(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }
}
