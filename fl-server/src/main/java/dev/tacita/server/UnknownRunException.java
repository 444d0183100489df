package dev.tacita.server;

import dev.tacita.core.RunId;

/** Thrown if and only if somebody asks for a run that there never was. */
public class UnknownRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** No run has this name. */
    public UnknownRunException(RunId run) {
        super("no run is named '" + run + "'");
    }
}
