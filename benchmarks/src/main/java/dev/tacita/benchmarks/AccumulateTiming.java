package dev.tacita.benchmarks;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.server.ChunkWork;
import dev.tacita.server.WordAccumulator;
import dev.tacita.wire.Hash;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.TensorHeader;
import dev.tacita.wire.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How fast one core takes in contributions: decode the message, verify the SHA-256, check and add each value. Prints
 * GB (10^9 bytes) of float32 a second for each of nine passes; the SHA-256 alone beside it.
 */
public final class AccumulateTiming {
    private static final int VALUES = 6_250_000;
    private static final int PASSES = 9;
    private static final int CONTRIBUTIONS = 8;

    private AccumulateTiming() {}

    /** Runs it. */
    public static void main(String[] arguments) throws RefusedMessageException {
        float[] update = new float[VALUES];
        var random = new SplittableRandom(1);
        for (int i = 0; i < VALUES; i++) {
            update[i] = (float) (random.nextDouble() - 0.5);
        }
        TensorHeader tensor = Tensors.header(update);
        List<ByteBuffer> messages = new ArrayList<>();
        for (int i = 0; i < tensor.chunks().size(); i++) {
            var place = new RoundKey(new RunId("timing"), 1, 1);
            messages.add(MessageCodec.encode(
                            new ContributionChunk(place, new SiteId("site"), "session", Tensors.chunk(update, i)))
                    .bytes());
        }
        long[] sum = new long[VALUES];
        var accumulator = new WordAccumulator(FixedPoint.STANDARD);
        var work = new ChunkWork();
        for (int pass = 1; pass <= PASSES; pass++) {
            long start = System.nanoTime();
            for (int i = 0; i < CONTRIBUTIONS; i++) {
                for (ByteBuffer message : messages) {
                    var chunk = ((ContributionChunk) MessageCodec.decode(message)).chunk();
                    work.add(chunk, tensor.chunks().get(chunk.index()), 100, accumulator, sum);
                }
            }
            long hashing = System.nanoTime();
            Hash last = tensor.chunks().get(0);
            for (int i = 0; i < CONTRIBUTIONS; i++) {
                for (ByteBuffer message : messages) {
                    last = Tensors.sha256(message);
                }
            }
            long end = System.nanoTime();
            double bytes = (double) CONTRIBUTIONS * tensor.byteLength();
            System.out.println(String.format(
                    Locale.ROOT,
                    "pass %d: decode, verify and add %.2f GB/s; SHA-256 alone %.2f GB/s (%s)",
                    pass,
                    bytes / (hashing - start),
                    bytes / (end - hashing),
                    last.toString().substring(0, 8)));
        }
    }
}
