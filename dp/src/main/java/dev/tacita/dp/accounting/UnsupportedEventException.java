package dev.tacita.dp.accounting;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.util.List;

/** Thrown if an accountant cannot take a part of an event; it never guesses instead. */
public final class UnsupportedEventException extends ProblemsException {
    private static final long serialVersionUID = 1L;

    UnsupportedEventException(String accountant, NeighbouringRelation relation, List<Problem> problems) {
        super(
                "The " + accountant + " accountant for neighbours that " + relation + " cannot take this event",
                problems);
    }
}
