package dev.tacita.dp.ledger;

import dev.tacita.dp.accounting.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The components of one event's text, taken one after the other, each as what the event's record asks for. */
final class EventComponents {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+\\.[0-9]+(?:E-?[0-9]+)?|Infinity");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");

    private final String place;
    private final List<Object> values;
    private int taken;

    /**
     * @param place the name of the event, for messages
     * @param values each a number as text, an {@link Event}, or the components of a list
     */
    EventComponents(String place, List<Object> values) {
        this.place = place;
        this.values = values;
    }

    double number() {
        return Double.parseDouble(text(NUMBER, "a number with a point"));
    }

    long whole() {
        return Long.parseLong(text(WHOLE, "a whole number"));
    }

    Event event() {
        Object value = next();
        if (value instanceof Event event) {
            return event;
        }
        throw wrong("an event");
    }

    EventComponents list() {
        Object value = next();
        if (value instanceof EventComponents list) {
            return list;
        }
        throw wrong("a list");
    }

    List<Event> events() {
        return all(this::event);
    }

    List<Double> numbers() {
        return all(this::number);
    }

    List<Long> wholes() {
        return all(this::whole);
    }

    void end() {
        if (taken < values.size()) {
            throw new IllegalArgumentException(
                    "'" + place + "' has " + (values.size() - taken) + " components more than it should");
        }
    }

    private <T> List<T> all(Supplier<T> component) {
        List<T> list = new ArrayList<>();
        while (taken < values.size()) {
            list.add(component.get());
        }
        return list;
    }

    private String text(Pattern pattern, String what) {
        if (next() instanceof String text && pattern.matcher(text).matches()) {
            return text;
        }
        throw wrong(what);
    }

    private Object next() {
        if (taken == values.size()) {
            throw new IllegalArgumentException("'" + place + "' has only " + taken + " components");
        }
        return values.get(taken++);
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("component " + taken + " of '" + place + "' must be " + expected);
    }
}
