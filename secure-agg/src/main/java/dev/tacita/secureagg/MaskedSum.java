package dev.tacita.secureagg;

import dev.tacita.secureagg.AggregationMessage.MaskedVector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sum of masked inputs as they come in. */
final class MaskedSum {
    private final List<VectorSpec> specs;
    private final Map<String, RingVector> sums = new LinkedHashMap<>();

    MaskedSum(List<VectorSpec> specs) {
        this.specs = specs;
    }

    /** Adds a whole input; false, and nothing is added, if it is not as the terms say. */
    boolean add(List<MaskedVector> vectors) {
        if (vectors.size() != specs.size()) {
            return false;
        }
        Map<String, RingVector> read = new LinkedHashMap<>();
        for (int i = 0; i < specs.size(); i++) {
            VectorSpec spec = specs.get(i);
            MaskedVector vector = vectors.get(i);
            if (!vector.name().equals(spec.name()) || vector.words().length() != spec.messageBytes()) {
                return false;
            }
            try {
                read.put(spec.name(), RingVector.ofBytes(spec.modulus(), vector.words()));
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
        read.forEach((name, vector) -> {
            RingVector sum = sums.putIfAbsent(name, vector);
            if (sum != null) {
                sum.add(vector);
            }
        });
        return true;
    }

    /** Hands the sums over, without their masks. */
    Map<String, RingVector> unmasked(Unmasking unmasking, Workers workers) throws AggregationFailedException {
        List<Masks> masks = unmasking.masks(specs);
        for (int i = 0; i < specs.size(); i++) {
            RingVector sum = sums.get(specs.get(i).name());
            if (sum == null) {
                throw new IllegalStateException("no input was added");
            }
            masks.get(i).applyTo(sum, workers);
        }
        return Map.copyOf(sums);
    }

    void forget() {
        sums.clear();
    }
}
