package dev.tacita.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as files write them: a whole number with the unit ns, ms, s, m, h or d. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})(ns|ms|s|m|h|d)");
    private static final Map<String, Duration> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put("d", Duration.ofDays(1));
        UNITS.put("h", Duration.ofHours(1));
        UNITS.put("m", Duration.ofMinutes(1));
        UNITS.put("s", Duration.ofSeconds(1));
        UNITS.put("ms", Duration.ofMillis(1));
    }

    private Durations() {}

    /** The time in its largest unit that keeps it whole, such as {@code 90s}. */
    public static String format(Duration time) {
        for (Map.Entry<String, Duration> unit : UNITS.entrySet()) {
            long count = time.dividedBy(unit.getValue());
            if (unit.getValue().multipliedBy(count).equals(time)) {
                return count + unit.getKey();
            }
        }
        return time.toNanos() + "ns";
    }

    static Optional<Duration> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Duration unit = UNITS.getOrDefault(matcher.group(2), Duration.ofNanos(1));
        try {
            return Optional.of(unit.multipliedBy(Long.parseLong(matcher.group(1))));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }
}
