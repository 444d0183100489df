package dev.tacita.dl4j;

import java.util.List;

/**
 * One of a layer's parameters, in the order of DL4J's vector.
 *
 * @param parameter the name of ours
 * @param arrangement how its numbers lie there
 */
record Part(String parameter, Arrangement arrangement) {
    static List<Part> weightAndBias(boolean bias) {
        return bias ? List.of(same("weight"), same("bias")) : List.of(same("weight"));
    }

    static Part same(String parameter) {
        return new Part(parameter, Arrangement.SAME);
    }
}
