package dev.tacita.benchmarks;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.server.ChunkWork;
import dev.tacita.server.WordAccumulator;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Message;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.TensorChunk;
import dev.tacita.wire.TensorHeader;
import dev.tacita.wire.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * How fast one core takes in a contribution of 25 MB, and its parts. An operation is one byte of float32, so that the
 * score in ops/ns reads in GB (10^9 bytes) a second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ContributionIntake.BYTES)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 7, time = 1)
public class ContributionIntake {
    static final int BYTES = 25_000_000;

    private static final int VALUES = BYTES / Float.BYTES;
    private static final int CHUNK = TensorHeader.CHUNK_BYTES / Float.BYTES;
    private static final long WEIGHT = 100;

    private final List<ByteBuffer> frames = new ArrayList<>();
    private final List<TensorChunk> chunks = new ArrayList<>();
    private final List<int[]> bits = new ArrayList<>();
    private final long[] sum = new long[VALUES];
    private final WordAccumulator accumulator = new WordAccumulator(FixedPoint.STANDARD);
    private final ChunkWork work = new ChunkWork();
    private TensorHeader tensor = Tensors.header(new float[1]);

    /** Makes the contribution. */
    @Setup
    public void contribution() {
        float[] update = new float[VALUES];
        var random = new SplittableRandom(1);
        for (int i = 0; i < VALUES; i++) {
            update[i] = (float) (random.nextDouble() - 0.5);
        }
        tensor = Tensors.header(update);
        var place = new RoundKey(new RunId("timing"), 1, 1);
        for (int i = 0; i < tensor.chunks().size(); i++) {
            TensorChunk chunk = Tensors.chunk(update, i);
            chunks.add(chunk);
            frames.add(MessageCodec.encode(new ContributionChunk(place, new SiteId("site"), "session", chunk))
                    .bytes());
            int[] values = new int[chunk.bytes().remaining() / Float.BYTES];
            chunk.bytes()
                    .duplicate()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .get(values);
            bits.add(values);
        }
    }

    /** All that the aggregator does: decodes the messages, verifies the SHA-256, checks and adds each value. */
    @Benchmark
    public long[] decodeVerifyAdd() throws RefusedMessageException {
        for (ByteBuffer frame : frames) {
            TensorChunk chunk = ((ContributionChunk) MessageCodec.decode(frame)).chunk();
            work.add(chunk, hash(chunk), Optional.empty(), WEIGHT, accumulator, sum);
        }
        return sum;
    }

    /** Of {@link #decodeVerifyAdd}, the decoding. */
    @Benchmark
    public void decode(Blackhole blackhole) throws RefusedMessageException {
        for (ByteBuffer frame : frames) {
            Message message = MessageCodec.decode(frame);
            blackhole.consume(message);
        }
    }

    /** Of {@link #decodeVerifyAdd}, all but the decoding. */
    @Benchmark
    public long[] verifyAdd() throws RefusedMessageException {
        for (TensorChunk chunk : chunks) {
            work.add(chunk, hash(chunk), Optional.empty(), WEIGHT, accumulator, sum);
        }
        return sum;
    }

    /** Of {@link #verifyAdd}, the SHA-256: what the JDK gives, and the limit. */
    @Benchmark
    public void sha256(Blackhole blackhole) {
        for (TensorChunk chunk : chunks) {
            blackhole.consume(Tensors.sha256(chunk.bytes()));
        }
    }

    /** Of {@link #verifyAdd}, the check and the sum, of values that are int arrays already. */
    @Benchmark
    public long[] checkAdd() {
        for (int i = 0; i < bits.size(); i++) {
            int[] values = bits.get(i);
            if (accumulator.firstNotEncodable(values, values.length) >= 0) {
                throw new IllegalStateException("every value can be encoded");
            }
            accumulator.add(values, values.length, WEIGHT, sum, i * CHUNK);
        }
        return sum;
    }

    private Hash hash(TensorChunk chunk) {
        return tensor.chunks().get(chunk.index());
    }
}
