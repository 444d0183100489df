package dev.tacita.engine.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Things made for a number of images when that number is first met, and kept. */
final class Prepared<T> {
    private record Sized<T>(int images, T thing) {}

    private final List<Sized<T>> made = new ArrayList<>();
    private final IntFunction<T> maker;

    Prepared(IntFunction<T> maker) {
        this.maker = maker;
    }

    T of(int images) {
        for (int i = 0; i < made.size(); i++) {
            if (made.get(i).images() == images) {
                return made.get(i).thing();
            }
        }
        T thing = maker.apply(images);
        made.add(new Sized<>(images, thing));
        return thing;
    }
}
