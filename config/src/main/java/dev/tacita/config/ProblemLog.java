package dev.tacita.config;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The problems of one file, in the order of their places. */
final class ProblemLog {
    private static final int SHOWN = 50;
    private static final int LONGEST = 600;

    private final String file;
    private final Set<Found> found = new LinkedHashSet<>();
    private boolean silent;

    private record Found(Tree.Position position, Problem problem) {}

    ProblemLog(String file) {
        this.file = file;
    }

    /** Notes nothing until it is called with false. */
    void silence(boolean silent) {
        this.silent = silent;
    }

    /** The same problem is noted once. */
    void add(Tree.Position position, String path, String why, String fix) {
        Found problem = new Found(position, new Problem(place(position, path), cut(why), fix));
        if (!silent) {
            found.add(problem);
        }
    }

    /** Of the file as a whole. */
    void add(String why, String fix) {
        found.add(new Found(new Tree.Position(0, 0), new Problem(file, why, fix)));
    }

    String place(Tree.Position position, String path) {
        String at = file + ":" + position.line() + ":" + position.column();
        return path.isEmpty() ? at : at + " " + path;
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    ProblemsException exception() {
        List<Problem> sorted = new ArrayList<>(found.stream()
                .sorted(Comparator.comparingInt((Found f) -> f.position().line())
                        .thenComparingInt(f -> f.position().column()))
                .map(Found::problem)
                .limit(SHOWN)
                .toList());
        if (found.size() > SHOWN) {
            sorted.add(Problem.of(file, "and " + (found.size() - SHOWN) + " more problems."));
        }
        return new ProblemsException(file + " has " + count(found.size()), sorted);
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    }

    private static String count(int problems) {
        return problems == 1 ? "a problem" : problems + " problems";
    }
}
