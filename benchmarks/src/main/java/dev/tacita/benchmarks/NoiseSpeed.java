package dev.tacita.benchmarks;

import dev.tacita.dp.mechanism.DiscreteGaussianMechanism;
import dev.tacita.dp.mechanism.GaussianMechanism;
import dev.tacita.dp.mechanism.LaplaceMechanism;
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

/** How many noisy values one core makes; an operation is one value, so the score reads in millions a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class NoiseSpeed {
    private static final int MODEL = 1_000_000;
    private static final int FEW = 1000;

    private final float[] model = new float[MODEL];
    private final long[] words = new long[FEW];
    private final double[] counts = new double[FEW];
    private final GaussianMechanism gaussian = GaussianMechanism.of(1.1, 1, MODEL);
    private final DiscreteGaussianMechanism discrete = DiscreteGaussianMechanism.of(1000.5, 1000);
    private final LaplaceMechanism laplace = LaplaceMechanism.of(1, 1, FEW);

    /** The vector to which noise is added again and again. */
    @Setup
    public void fill() {
        for (int i = 0; i < MODEL; i++) {
            model[i] = i / (float) MODEL;
        }
    }

    /** Gaussian noise for a model of a million parameters. */
    @Benchmark
    @OperationsPerInvocation(MODEL)
    public float[] gaussian() {
        gaussian.addTo(model);
        return model;
    }

    /** Exact discrete Gaussian noise for integers. */
    @Benchmark
    @OperationsPerInvocation(FEW)
    public long[] discreteGaussian() {
        discrete.addTo(words);
        return words;
    }

    /** Laplace noise for real values. */
    @Benchmark
    @OperationsPerInvocation(FEW)
    public double[] laplace() {
        return laplace.release(counts);
    }
}
