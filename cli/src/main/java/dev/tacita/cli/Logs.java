package dev.tacita.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much the process logs; the form is in {@code logback.xml}. */
final class Logs {
    private Logs() {}

    /** Tells all that Tacita does. */
    static void debug() {
        logger("dev.tacita").setLevel(Level.DEBUG);
    }

    /** Tells warnings only, for commands that talk to a person. */
    static void quiet() {
        logger("dev.tacita").setLevel(Level.WARN);
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
