package dev.tacita.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was read at one place, or the fact that it could not be read, in which case its problem is already noted. So a reader
 * asks for everything first, which finds every problem, and puts the parts together inside
 * {@link Section#create(Supplier)}.
 *
 * @param <T> what was read
 */
public final class Value<T> {
    private final @Nullable T value;

    private Value(@Nullable T value) {
        this.value = value;
    }

    /** A value that was read, or a default. */
    public static <T> Value<T> of(T value) {
        return new Value<>(value);
    }

    static <T> Value<T> unreadable() {
        return new Value<>(null);
    }

    /** The values of them all; unreadable if one is. */
    public static <T> Value<List<T>> all(List<Value<T>> values) {
        List<T> all = new ArrayList<>();
        for (Value<T> each : values) {
            if (!each.isReadable()) {
                return unreadable();
            }
            all.add(each.get());
        }
        return of(List.copyOf(all));
    }

    /** Whether it could be read. */
    public boolean isReadable() {
        return value != null;
    }

    /**
     * The value. To be called within {@link Section#create(Supplier)} or {@link Kind#map}, where an unreadable value
     * quietly makes the whole unreadable.
     */
    public T get() {
        if (value == null) {
            throw new UnreadableException();
        }
        return value;
    }

    /** Thrown if and only if a value is asked for whose problem is already noted; never leaves this package's callers. */
    static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableException() {
            super("the value could not be read; its problem is noted", null, false, false);
        }
    }
}
