package dev.tacita.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
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

    /** Tells nothing more of Kafka, which complains when it is closed at what it is doing. */
    static void ending() {
        for (String name : List.of("org.apache.kafka", "kafka", "state.change.logger")) {
            logger(name).setLevel(Level.OFF);
        }
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
