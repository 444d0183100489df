package dev.tacita.client;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The problems of a site's data: the first twenty, and the count of the rest. */
final class DataProblems {
    private static final int SHOWN = 20;

    private final String source;
    private final List<Problem> shown = new ArrayList<>();
    private long count;

    DataProblems(Path source) {
        this.source = source.toString();
    }

    void add(String place, String why, String fix) {
        count++;
        if (shown.size() < SHOWN) {
            shown.add(new Problem(place.isEmpty() ? source : source + " " + place, why, fix));
        }
    }

    void add(String place, String why) {
        add(place, why, "");
    }

    void throwIfAny() {
        if (count > 0) {
            throw exception();
        }
    }

    ProblemsException exception() {
        List<Problem> all = new ArrayList<>(shown);
        if (count > SHOWN) {
            all.add(Problem.of(source, "and " + (count - SHOWN) + " more problems."));
        }
        return new ProblemsException(source + " does not fit its schema", all);
    }

    /** The problem that ends the reading. */
    static ProblemsException of(Path source, String why) {
        return new ProblemsException(source.toString(), List.of(Problem.of(source.toString(), why)));
    }
}
