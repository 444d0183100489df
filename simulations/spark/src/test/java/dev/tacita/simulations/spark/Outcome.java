package dev.tacita.simulations.spark;

import dev.tacita.simulations.Backend;
import dev.tacita.simulations.RoundListener;
import dev.tacita.simulations.SimulatedRound;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.SimulationResult;
import dev.tacita.simulations.ThreadBackend;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** All of a result that can be compared to the bit. */
record Outcome(String sha256OfParameters, List<SimulatedRound> rounds, String failure) {
    static Outcome onSpark(SimulationSource source) throws InterruptedException {
        try (Backend backend = new SparkBackend(LocalSpark.CONTEXT, source)) {
            return of(backend.run(source.simulation(), RoundListener.ALL_ROUNDS));
        }
    }

    static Outcome onThreads(Simulation simulation, int workers) throws InterruptedException {
        try (Backend backend = new ThreadBackend(workers)) {
            return of(backend.run(simulation, RoundListener.ALL_ROUNDS));
        }
    }

    private static Outcome of(SimulationResult result) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * result.parameters().length);
        for (float each : result.parameters()) {
            bytes.putFloat(each);
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return new Outcome(
                    HexFormat.of().formatHex(hash),
                    result.rounds(),
                    result.failure().orElse(""));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
