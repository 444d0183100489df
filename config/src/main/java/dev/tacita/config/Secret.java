package dev.tacita.config;

import static java.util.Objects.requireNonNull;

/** Text that must not be seen, such as a password: no message, log or {@code toString} shows it. */
public final class Secret {
    private final String text;

    /** Wraps the text. */
    public Secret(String text) {
        this.text = requireNonNull(text, "text is null");
    }

    /** The text itself, for the code that needs it. */
    public String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
