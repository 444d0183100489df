package dev.tacita.nd4j;

import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ModelSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** The graphs that were used last, so that the next call finds them made. */
final class DeviceGraphs {
    private static final int KEPT = 6;

    private record Key(ModelSpec model, Loss loss, int batch, boolean training) {}

    private final Map<Key, DeviceGraph> graphs = new LinkedHashMap<>(KEPT, 1, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, DeviceGraph> eldest) {
            return size() > KEPT;
        }
    };

    DeviceGraph graph(ModelSpec model, Loss loss, int batch, boolean training) {
        return graphs.computeIfAbsent(
                new Key(model, loss, batch, training), key -> new DeviceGraph(model, loss, batch, training));
    }
}
