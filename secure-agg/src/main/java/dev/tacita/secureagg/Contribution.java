package dev.tacita.secureagg;

import dev.tacita.core.learning.EncodedUpdate;
import dev.tacita.core.learning.QuantizedUpdate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one site puts into the sum, by the names of the terms' vectors; in the clear, so it stays at the site.
 *
 * <p>{@link #addNoise} is where distributed differential privacy comes in: each site adds its share of the noise, such
 * as a discrete Gaussian or Skellam one of dp, to the encoded vector before it is masked. The share must be large enough
 * that the shares of the fewest sites whose sum is released make the whole noise, and the vector's bits leave room for it.
 */
public final class Contribution {
    private final Map<String, RingVector> vectors = new LinkedHashMap<>();

    private Contribution() {}

    /** With no vector yet. */
    public static Contribution empty() {
        return new Contribution();
    }

    /** Takes a vector over. */
    public Contribution with(String name, RingVector vector) {
        if (vectors.putIfAbsent(name, vector) != null) {
            throw new IllegalArgumentException("a vector must be there once. Twice there: '" + name + "'");
        }
        return this;
    }

    /** A quantised update, whose first number is its weight: one element more than the model has parameters. */
    public Contribution with(String name, Modulus modulus, QuantizedUpdate update) {
        return with(name, RingVector.ofInts(modulus, update.numbersInTheClear()));
    }

    /**
     * The words of an update in the run's fixed-point numbers, modulo 2^64, behind its weight: the sum is bit for bit that
     * of a run without protection, in twice the bytes.
     */
    public Contribution with(String name, EncodedUpdate update) {
        RingVector vector = RingVector.zeros(Modulus.TWO_64, 1 + update.size());
        vector.set(0, update.weight());
        for (int i = 0; i < update.size(); i++) {
            vector.set(1 + i, update.word(i));
        }
        return with(name, vector);
    }

    /**
     * Lets noise be added to a vector, once it is there.
     *
     * @param noise adds to the elements that it is handed
     */
    public Contribution addNoise(String name, Consumer<RingVector> noise) {
        noise.accept(vector(name));
        return this;
    }

    RingVector vector(String name) {
        RingVector vector = vectors.get(name);
        if (vector == null) {
            throw new IllegalArgumentException("there is no vector '" + name + "'");
        }
        return vector;
    }

    Map<String, RingVector> vectors() {
        return vectors;
    }

    /** Leaves out the values, which must not appear in a message. */
    void check(RoundTerms terms) {
        for (VectorSpec spec : terms.vectors()) {
            RingVector vector = vectors.get(spec.name());
            if (vector == null) {
                throw new IllegalArgumentException("the contribution must have the vector '" + spec.name() + "'");
            }
            if (vector.length() != spec.length() || !vector.modulus().equals(spec.modulus())) {
                throw new IllegalArgumentException("the vector '" + spec.name() + "' must have " + spec.length()
                        + " elements modulo " + spec.modulus() + ". Provided: " + vector);
            }
            vector.firstAbove(spec.largest()).ifPresent(index -> {
                throw new IllegalArgumentException("the numbers of '" + spec.name() + "' must be within +-"
                        + spec.largest() + ". One that is not is at index " + index);
            });
        }
        if (vectors.size() > terms.vectors().size()) {
            throw new IllegalArgumentException("the contribution has vectors that the terms do not name");
        }
    }

    @Override
    public String toString() {
        return "a contribution of " + vectors.keySet();
    }
}
