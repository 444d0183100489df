package dev.tacita.onnx;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What the readers of one graph share.
 *
 * @param draft the model so far
 * @param names ids that are taken
 * @param budget of numbers
 * @param counts how often each name is read
 * @param aliases how many names each input and node of the model has
 * @param batch the size of the batch, if the file fixes one
 * @param opset version of the operators
 */
record GraphContext(
        Draft draft,
        Names names,
        Budget budget,
        Map<String, Integer> counts,
        Map<String, Integer> aliases,
        OptionalLong batch,
        int opset) {
    int aliases(String id) {
        return aliases.getOrDefault(id, 0);
    }

    int uses(String name) {
        return counts.getOrDefault(name, 0);
    }
}
