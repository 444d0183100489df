package dev.tacita.simulations.spark;

import dev.tacita.core.learning.ServerState;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** States of the aggregator on their way to executors. */
record States(float[][] parameters, float[][] memories) implements Serializable {
    static States of(List<ServerState> states) {
        return new States(
                states.stream().map(ServerState::parameters).toArray(float[][]::new),
                states.stream().map(ServerState::memory).toArray(float[][]::new));
    }

    List<ServerState> all() {
        List<ServerState> states = new ArrayList<>();
        for (int i = 0; i < parameters.length; i++) {
            states.add(new ServerState(parameters[i], memories[i]));
        }
        return states;
    }
}
