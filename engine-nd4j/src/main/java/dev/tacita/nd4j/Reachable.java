package dev.tacita.nd4j;

import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The part of a model that its output depends on. */
final class Reachable {
    private Reachable() {}

    static List<Node> nodes(ModelSpec model) {
        Set<String> needed = new HashSet<>(Set.of(model.output()));
        List<Node> nodes = new ArrayList<>();
        for (int i = model.nodes().size() - 1; i >= 0; i--) {
            Node node = model.nodes().get(i);
            if (needed.contains(node.id())) {
                nodes.add(node);
                needed.addAll(node.inputs());
            }
        }
        Collections.reverse(nodes);
        return nodes;
    }
}
