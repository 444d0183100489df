package dev.tacita.core;

import static java.util.Objects.requireNonNull;

/**
 * One thing that is wrong with what a user handed in: where it is, why it is wrong, and how to mend it.
 *
 * @param place where: a node, a key with its line, a column with its row
 * @param why the rule and the value that breaks it, in one sentence
 * @param fix what to do about it, in one sentence; empty where the rule already says it
 */
public record Problem(String place, String why, String fix) {
    public Problem {
        requireNonNull(place, "place is null");
        requireNonNull(why, "why is null");
        requireNonNull(fix, "fix is null");
    }

    /** A problem whose rule says how to mend it. */
    public static Problem of(String place, String why) {
        return new Problem(place, why, "");
    }

    @Override
    public String toString() {
        String text = place.isEmpty() ? why : place + ": " + why;
        return fix.isEmpty() ? text : text + " " + fix;
    }
}
