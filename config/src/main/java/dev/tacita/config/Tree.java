package dev.tacita.config;

import java.util.List;

/** A YAML file as it stands, before anyone asks what it means. */
sealed interface Tree {
    Position position();

    /** In one word or two, for "must be a ... but is ...". */
    String described();

    /** Line and column, counted from 1. */
    record Position(int line, int column) {}

    /** @param plain without quotes, so that it may be a number, true, false or null */
    record Scalar(Position position, String text, boolean plain) implements Tree {
        @Override
        public String described() {
            String shown = "'" + Printable.of(text) + "'";
            return plain ? shown : "the quoted text " + shown;
        }

        boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    record Sequence(Position position, List<Tree> items) implements Tree {
        @Override
        public String described() {
            return "a list";
        }
    }

    record Mapping(Position position, List<Entry> entries) implements Tree {
        @Override
        public String described() {
            return "a section";
        }
    }

    record Entry(Position position, String key, Tree value) {}

    /** Something whose problem is already noted, such as an alias. */
    record Refused(Position position) implements Tree {
        @Override
        public String described() {
            return "unreadable";
        }
    }
}
