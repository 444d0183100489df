package dev.tacita.dp.ledger;

import dev.tacita.dp.accounting.Event;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code kind(component,...)} from left to right; a component is a number, an event, or a list in square brackets. */
final class EventParser {
    private static final int DEEPEST = 50;

    private final String text;
    private int at;
    private int depth;

    EventParser(String text) {
        this.text = text;
    }

    Event whole() {
        if (component("event") instanceof Event event && at == text.length()) {
            return event;
        }
        throw new IllegalArgumentException("one event was expected, and not more, at character " + (at + 1));
    }

    private Object component(String place) {
        if (++depth > DEEPEST) {
            throw new IllegalArgumentException("events may stand " + DEEPEST + " deep in each other, not more");
        }
        Object component = peek() == '[' ? new EventComponents(place, within('[', ']', place)) : numberOrEvent();
        depth--;
        return component;
    }

    private Object numberOrEvent() {
        int start = at;
        while ("(),[]".indexOf(peek()) < 0 && at < text.length()) {
            at++;
        }
        String word = text.substring(start, at);
        if (word.isEmpty()) {
            throw new IllegalArgumentException("something is missing at character " + (start + 1));
        }
        if (!Character.isLowerCase(word.charAt(0))) {
            return word;
        }
        List<Object> values = peek() == '(' ? within('(', ')', word) : List.of();
        if (text.startsWith("()", at - 2)) {
            throw new IllegalArgumentException("brackets without components at character " + (at - 1));
        }
        return EventText.make(word, new EventComponents(word, values));
    }

    private List<Object> within(char opening, char closing, String place) {
        List<Object> values = new ArrayList<>();
        expect(opening);
        if (peek() != closing) {
            values.add(component(place));
            while (peek() == ',') {
                at++;
                values.add(component(place));
            }
        }
        expect(closing);
        return values;
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw new IllegalArgumentException("'" + wanted + "' was expected at character " + (at + 1));
        }
        at++;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }
}
