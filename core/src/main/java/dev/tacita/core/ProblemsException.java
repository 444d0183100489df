package dev.tacita.core;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown if and only if something a user handed in is wrong; carries every problem found, never just the first. */
public class ProblemsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** Creates the exception; {@code subject} names what was read, such as a file. */
    public ProblemsException(String subject, List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n  ", subject + ":\n  ", "")));
        this.problems = List.copyOf(problems);
    }

    /** Every problem found, in the order of their places. */
    public List<Problem> problems() {
        return problems;
    }
}
