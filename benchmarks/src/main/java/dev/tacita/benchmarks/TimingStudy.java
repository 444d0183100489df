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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Whether the time of an operation tells one fixed secret from random ones: Welch's t-test of Reparaz, Balasch and
 * Verbauwhede 2017 ("dude, is my code constant time?"). Of each class the slowest tenth is left out. |t| above 10 is a leak,
 * above 4.5 may be one. Inputs of both classes lie in the same memory, in an order that is drawn anew after every {@link #SLOTS},
 * and are brought to one place before an operation is timed: else the places of a class in the caches would tell it apart, by a
 * twentieth of a nanosecond, which a quiet machine shows. Two rows are controls: one has the same on both sides, and the last
 * leaks on purpose.
 */
@Command(name = "timing", mixinStandardHelpOptions = true)
public final class TimingStudy implements Callable<Integer> {
    private static final int SLOTS = 1 << 10;
    private static final int BATCH = 64;
    private static final double LEAK = 10;
    private static final Modulus NO_POWER = new Modulus(2_636_861_836_189L);

    @Option(names = "--samples", defaultValue = "1000000", description = "for each operation; default ${DEFAULT-VALUE}")
    private int samples = 1_000_000;

    @Option(names = "--only", defaultValue = "", description = "one operation, by its name")
    private String only = "";

    private final Random random = new Random(1);
    private long sink;

    /** Does the operation on the input in a slot. */
    private interface Operation {
        /** Puts the fixed input or a random one there; not timed. */
        void draw(int slot, boolean fixed);

        /** Brings the input to a place that all slots share, so that the place does not tell them apart; not timed. */
        default void prepare(int slot) {}

        long run(int slot);
    }

    private record Case(String name, Operation operation, boolean leaks) {}

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
        boolean[] isFixed = new boolean[SLOTS];
        Operation operation = chosen.operation();
        for (int i = -samples / 10; i < samples; i++) {
            int slot = Math.floorMod(i, SLOTS);
            if (slot == 0 || i == -samples / 10) {
                for (int j = 0; j < SLOTS; j++) {
                    isFixed[j] = random.nextBoolean();
                    operation.draw(j, isFixed[j]);
                }
            }
            operation.prepare(slot);
            long begin = System.nanoTime();
            long result = operation.run(slot);
            long end = System.nanoTime();
            sink ^= result;
            if (i >= 0) {
                int side = isFixed[slot] ? 0 : 1;
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

    private interface FieldOperation {
        long of(long a, long b);
    }

    private final class Batch implements Operation {
        private final FieldOperation operation;
        private final long fixed;
        private final long[] secrets = new long[SLOTS * BATCH];
        private final long[] input = new long[BATCH];
        private final long[] others = random.longs(BATCH, 0, PrimeField.PRIME).toArray();

        Batch(FieldOperation operation, long fixed) {
            this.operation = operation;
            this.fixed = fixed;
        }

        @Override
        public void draw(int slot, boolean isFixed) {
            for (int i = slot * BATCH; i < (slot + 1) * BATCH; i++) {
                secrets[i] = isFixed ? fixed : random.nextLong(PrimeField.PRIME);
            }
        }

        @Override
        public void prepare(int slot) {
            System.arraycopy(secrets, slot * BATCH, input, 0, BATCH);
        }

        @Override
        public long run(int slot) {
            long result = 0;
            for (int i = 0; i < BATCH; i++) {
                result ^= operation.of(input[i], others[i]);
            }
            return result;
        }
    }

    private Case multiplication() {
        return new Case("multiply by 0", new Batch(PrimeField::multiply, 0), false);
    }

    private Case addition() {
        return new Case("add 0", new Batch(PrimeField::add, 0), false);
    }

    private Case subtraction() {
        return new Case("subtract from the largest", new Batch(PrimeField::subtract, PrimeField.PRIME - 1), false);
    }

    private Case inversion() {
        return new Case("invert 1", new Batch((a, b) -> PrimeField.invert(a), 1), false);
    }

    private static final class Combination implements Operation {
        private final SecureRandom secure = new SecureRandom();
        private final List<List<Shamir.Share>> secrets = new ArrayList<>(Collections.nCopies(SLOTS, List.of()));
        private final List<Shamir.Share> input = new ArrayList<>();

        @Override
        public void draw(int slot, boolean fixed) {
            byte[] secret = new byte[32];
            if (!fixed) {
                secure.nextBytes(secret);
            }
            secrets.set(slot, Shamir.split(secret, 3, 5, secure).subList(0, 3));
        }

        @Override
        public void prepare(int slot) {
            input.clear();
            for (Shamir.Share share : secrets.get(slot)) {
                input.add(new Shamir.Share(
                        share.point(), Octets.copyOf(share.values().toArray())));
            }
        }

        @Override
        public long run(int slot) {
            return Shamir.combine(input, 32)[31];
        }
    }

    private Case combination() {
        return new Case("combine shares of 0", new Combination(), false);
    }

    private final class Comparison implements Operation {
        private final byte[] secret = new byte[32];
        private final byte[][] guesses = new byte[SLOTS][32];
        private final Octets[] input = new Octets[BATCH];
        private final Octets octets;

        Comparison() {
            random.nextBytes(secret);
            octets = Octets.copyOf(secret);
        }

        @Override
        public void draw(int slot, boolean fixed) {
            System.arraycopy(secret, 0, guesses[slot], 0, secret.length);
            guesses[slot][fixed ? 0 : secret.length - 1] ^= 1;
        }

        @Override
        public void prepare(int slot) {
            Arrays.setAll(input, i -> Octets.copyOf(guesses[slot]));
        }

        @Override
        public long run(int slot) {
            long equal = 0;
            for (int i = 0; i < BATCH; i++) {
                equal += octets.equals(input[i]) ? 1 : 0;
            }
            return equal;
        }
    }

    private Case comparison() {
        return new Case("compare, wrong in the first or last byte", new Comparison(), false);
    }

    private final class RingAddition implements Operation {
        private final boolean addsNothing;
        private final RingVector sum = randomVector();
        private final RingVector[] addends = new RingVector[SLOTS];
        private RingVector input = randomVector();

        RingAddition(boolean addsNothing) {
            this.addsNothing = addsNothing;
        }

        @Override
        public void draw(int slot, boolean fixed) {
            RingVector drawn = randomVector();
            for (int i = 0; i < BATCH && fixed && addsNothing; i++) {
                drawn.set(i, 0);
            }
            addends[slot] = drawn;
        }

        @Override
        public void prepare(int slot) {
            input = addends[slot].copy();
        }

        @Override
        public long run(int slot) {
            sum.add(input);
            return sum.element(0);
        }
    }

    private RingVector randomVector() {
        return RingVector.of(NO_POWER, random.longs(BATCH).toArray());
    }

    private Case ringAddition() {
        return new Case("add 0 modulo 2636861836189", new RingAddition(true), false);
    }

    /** Both sides are random: what the test says of a machine that is busy. */
    private Case nothing() {
        return new Case("add random numbers on both sides", new RingAddition(false), false);
    }

    private final class Powers implements Operation {
        private final BigInteger base = BigInteger.valueOf(1_234_567);
        private final BigInteger modulus = BigInteger.valueOf(PrimeField.PRIME);
        private final BigInteger[] exponents = new BigInteger[SLOTS];

        @Override
        public void draw(int slot, boolean fixed) {
            exponents[slot] = fixed ? BigInteger.ONE.shiftLeft(60) : new BigInteger(60, random).setBit(60);
        }

        @Override
        public long run(int slot) {
            return base.modPow(exponents[slot], modulus).longValue();
        }
    }

    private Case leakyComparison() {
        return new Case("BigInteger.modPow, which leaks", new Powers(), true);
    }
}
