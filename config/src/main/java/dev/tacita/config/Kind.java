package dev.tacita.config;

import java.util.function.Function;

/**
 * How a value is read: a number in a range, a path, a section. {@link Kinds} has them.
 *
 * @param <T> what it becomes
 */
@FunctionalInterface
public interface Kind<T> {
    /** Reads the element; what is wrong with it is noted at its place. */
    Value<T> read(Element element);

    /** This kind, made into something else; what {@code function} refuses by an exception for arguments is a problem. */
    default <R> Kind<R> map(Function<? super T, ? extends R> function) {
        return element -> {
            Value<T> value = read(element);
            return element.create(() -> function.apply(value.get()));
        };
    }
}
