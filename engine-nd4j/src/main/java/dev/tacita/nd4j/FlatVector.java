package dev.tacita.nd4j;

import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.ParameterLayout.Slot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** All parameters of a model, or a gradient of them, in one array of the device; each parameter is a view of it. */
final class FlatVector {
    private final INDArray all;
    private final Map<Slot, INDArray> views = new LinkedHashMap<>();

    FlatVector(ParameterLayout layout, INDArray all) {
        this.all = all;
        for (Slot slot : layout.slots()) {
            long[] shape = slot.parameter().shape().dimensions().stream()
                    .mapToLong(Integer::longValue)
                    .toArray();
            INDArray part = all.get(NDArrayIndex.interval(slot.offset(), slot.offset() + slot.length()));
            views.put(slot, part.reshape('c', shape));
        }
    }

    INDArray all() {
        return all;
    }

    Map<Slot, INDArray> views() {
        return views;
    }

    INDArray view(Slot slot) {
        return Optional.ofNullable(views.get(slot)).orElseThrow();
    }
}
