package dev.tacita.dp.ledger;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.nio.file.Path;
import java.util.List;

/** Thrown if and only if a ledger cannot be used as it is: held by another, changed, of another kind, not there. */
public final class LedgerException extends ProblemsException {
    private static final long serialVersionUID = 1L;

    LedgerException(Path file, String why, String fix) {
        super("the privacy ledger", List.of(new Problem(file.toString(), why, fix)));
    }

    LedgerException(Path file, long line, String why, String fix) {
        super("the privacy ledger", List.of(new Problem(file + ":" + line, why, fix)));
    }
}
