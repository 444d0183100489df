package dev.tacita.benchmarks;

import dev.tacita.secureagg.Modulus;
import dev.tacita.secureagg.Octets;
import dev.tacita.secureagg.PrimeField;
import dev.tacita.secureagg.RingVector;
import dev.tacita.secureagg.Shamir;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Whether the time of an operation tells one fixed secret from random ones: Welch's t-test of Reparaz, Balasch and
 * Verbauwhede 2017 ("dude, is my code constant time?"). The classes alternate at random; of each the slowest tenth is left
 * out. |t| above 10 is a leak, above 4.5 may be one. Inputs are brought to one place before an operation is timed: pools of
 * inputs lie in different places of the memory, and their caches would tell the classes apart. Two rows are controls: one has
 * the same on both sides, and the last leaks on purpose.
 */
@Command(name = "timing", mixinStandardHelpOptions = true)
public final class TimingStudy implements Callable<Integer> {
    private static final int POOL = 1 << 12;
    private static final int BATCH = 64;
    private static final double LEAK = 10;
    private static final Modulus NO_POWER = new Modulus(2_636_861_836_189L);

    @Option(names = "--samples", defaultValue = "1000000", description = "for each operation; default ${DEFAULT-VALUE}")
    private int samples = 1_000_000;

    @Option(names = "--only", defaultValue = "", description = "one operation, by its name")
    private String only = "";

    private final Random random = new Random(1);
    private long sink;

    /** Does the operation on an element of the pool. */
    private interface Operation {
        /** Brings the input to a place that both classes share, so that the place does not tell them apart; not timed. */
        default void prepare(int index) {}

        long run(int index);
    }

    /** An operation on the fixed input and on random ones. */
    private record Case(String name, Operation fixed, Operation other, boolean leaks) {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new TimingStudy()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (only.isEmpty()) {
            System.out.println("| operation | samples | fixed, ns | random, ns | t | |");
            System.out.println("|---|---|---|---|---|---|");
        }
        boolean asExpected = true;
        List<Supplier<Case>> cases = List.of(
                this::multiplication,
                this::addition,
                this::subtraction,
                this::inversion,
                this::combination,
                this::comparison,
                this::ringAddition,
                this::nothing,
                this::leakyComparison);
        for (Supplier<Case> each : cases) {
            Case chosen = each.get();
            if (only.isEmpty()) {
                asExpected &= inAJvmOfItsOwn(chosen.name());
            } else if (chosen.name().equals(only)) {
                double t = measure(chosen);
                asExpected &= chosen.leaks() == Math.abs(t) > LEAK;
            }
        }
        return asExpected && sink != 1 ? 0 : 1;
    }

    /** What the compiler learnt from one operation would change how it compiles the next. */
    private boolean inAJvmOfItsOwn(String name) throws IOException, InterruptedException {
        String java = ProcessHandle.current().info().command().orElse("java");
        return new ProcessBuilder(
                                java,
                                "-cp",
                                System.getProperty("java.class.path"),
                                TimingStudy.class.getName(),
                                "--samples",
                                Integer.toString(samples),
                                "--only",
                                name)
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
    }

    private double measure(Case chosen) {
        double[][] times = new double[2][samples];
        int[] counts = new int[2];
        for (int i = -samples / 10; i < samples; i++) {
            int side = random.nextInt(2);
            Operation operation = side == 0 ? chosen.fixed() : chosen.other();
            int index = random.nextInt(POOL);
            operation.prepare(index);
            long begin = System.nanoTime();
            long result = operation.run(index);
            long end = System.nanoTime();
            sink ^= result;
            if (i >= 0) {
                times[side][counts[side]++] = end - begin;
            }
        }
        double[] fixed = fastest(times[0], counts[0]);
        double[] other = fastest(times[1], counts[1]);
        double t = (mean(fixed) - mean(other))
                / Math.sqrt(variance(fixed) / fixed.length + variance(other) / other.length);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.1f | %.1f | %.2f | %s |%n",
                chosen.name(),
                samples,
                mean(fixed),
                mean(other),
                t,
                Math.abs(t) > LEAK ? "leaks" : Math.abs(t) > 4.5 ? "may leak" : "no leak found");
        return t;
    }

    private static double[] fastest(double[] times, int count) {
        double[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return Arrays.copyOf(sorted, count * 9 / 10);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1);
    }

    private long[] elements(long fixed) {
        long[] elements = new long[POOL + BATCH];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = fixed < 0 ? random.nextLong(PrimeField.PRIME) : fixed;
        }
        return elements;
    }

    private interface FieldOperation {
        long of(long a, long b);
    }

    private record Batch(FieldOperation operation, long[] secrets, long[] input, long[] others) implements Operation {
        @Override
        public void prepare(int index) {
            System.arraycopy(secrets, index, input, 0, BATCH);
        }

        @Override
        public long run(int index) {
            long result = 0;
            for (int i = 0; i < BATCH; i++) {
                result ^= operation.of(input[i], others[i]);
            }
            return result;
        }
    }

    private Case field(String name, FieldOperation operation, long fixed) {
        long[] others = elements(-1);
        long[] input = new long[BATCH];
        return new Case(
                name,
                new Batch(operation, elements(fixed), input, others),
                new Batch(operation, elements(-1), input, others),
                false);
    }

    private Case multiplication() {
        return field("multiply by 0", PrimeField::multiply, 0);
    }

    private Case addition() {
        return field("add 0", PrimeField::add, 0);
    }

    private Case subtraction() {
        return field("subtract from the largest", PrimeField::subtract, PrimeField.PRIME - 1);
    }

    private Case inversion() {
        return field("invert 1", (a, b) -> PrimeField.invert(a), 1);
    }

    private record Combination(List<List<Shamir.Share>> secrets, List<Shamir.Share> input) implements Operation {
        @Override
        public void prepare(int index) {
            input.clear();
            for (Shamir.Share share : secrets.get(index % secrets.size())) {
                input.add(new Shamir.Share(
                        share.point(), Octets.copyOf(share.values().toArray())));
            }
        }

        @Override
        public long run(int index) {
            return Shamir.combine(input, 32)[31];
        }
    }

    private Case combination() {
        SecureRandom secure = new SecureRandom();
        Supplier<List<Shamir.Share>> zeros =
                () -> Shamir.split(new byte[32], 3, 5, secure).subList(0, 3);
        Supplier<List<Shamir.Share>> randoms = () -> {
            byte[] secret = new byte[32];
            secure.nextBytes(secret);
            return Shamir.split(secret, 3, 5, secure).subList(0, 3);
        };
        List<Shamir.Share> input = new ArrayList<>();
        return new Case(
                "combine shares of 0",
                new Combination(Stream.generate(zeros).limit(256).toList(), input),
                new Combination(Stream.generate(randoms).limit(256).toList(), input),
                false);
    }

    private record Comparison(Octets secret, byte[][] guesses, Octets[] input) implements Operation {
        @Override
        public void prepare(int index) {
            for (int i = 0; i < BATCH; i++) {
                input[i] = Octets.copyOf(guesses[index + i]);
            }
        }

        @Override
        public long run(int index) {
            long equal = 0;
            for (int i = 0; i < BATCH; i++) {
                equal += secret.equals(input[i]) ? 1 : 0;
            }
            return equal;
        }
    }

    private static byte[][] guesses(byte[] secret, int changed) {
        byte[][] guesses = new byte[POOL + BATCH][];
        for (int i = 0; i < guesses.length; i++) {
            guesses[i] = secret.clone();
            guesses[i][changed] ^= 1;
        }
        return guesses;
    }

    private Case comparison() {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        Octets octets = Octets.copyOf(secret);
        Octets[] input = new Octets[BATCH];
        return new Case(
                "compare, wrong in the first or last byte",
                new Comparison(octets, guesses(secret, 0), input),
                new Comparison(octets, guesses(secret, 31), input),
                false);
    }

    private record RingAddition(RingVector sum, RingVector[] addends, RingVector[] input) implements Operation {
        @Override
        public void prepare(int index) {
            input[0] = addends[index % addends.length].copy();
        }

        @Override
        public long run(int index) {
            sum.add(input[0]);
            return sum.element(0);
        }
    }

    private Case ringAddition() {
        RingVector[] zeros = new RingVector[64];
        Arrays.setAll(zeros, i -> RingVector.zeros(NO_POWER, BATCH));
        return ringAddition("add 0 modulo 2636861836189", zeros);
    }

    /** Both sides are random: what the test says of a machine that is busy. */
    private Case nothing() {
        return ringAddition("add random numbers on both sides", randomVectors());
    }

    private Case ringAddition(String name, RingVector[] fixed) {
        RingVector sum = RingVector.of(NO_POWER, random.longs(BATCH).toArray());
        RingVector[] input = new RingVector[1];
        return new Case(
                name, new RingAddition(sum, fixed, input), new RingAddition(sum, randomVectors(), input), false);
    }

    private RingVector[] randomVectors() {
        RingVector[] vectors = new RingVector[64];
        Arrays.setAll(vectors, i -> RingVector.of(NO_POWER, random.longs(BATCH).toArray()));
        return vectors;
    }

    private record Powers(BigInteger base, BigInteger modulus, BigInteger[] exponents) implements Operation {
        @Override
        public long run(int index) {
            return base.modPow(exponents[index % exponents.length], modulus).longValue();
        }
    }

    private Case leakyComparison() {
        BigInteger[] few = new BigInteger[64];
        BigInteger[] many = new BigInteger[64];
        for (int i = 0; i < 64; i++) {
            few[i] = BigInteger.ONE.shiftLeft(60);
            many[i] = new BigInteger(60, random).setBit(60);
        }
        BigInteger prime = BigInteger.valueOf(PrimeField.PRIME);
        return new Case(
                "BigInteger.modPow, which leaks",
                new Powers(BigInteger.valueOf(1234567), prime, few),
                new Powers(BigInteger.valueOf(1234567), prime, many),
                true);
    }
}
