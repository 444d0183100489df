package dev.tacita.cli;

import dev.tacita.core.Problem;
import dev.tacita.dp.accounting.Event;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Steps of training with normal noise, as the options describe them. */
final class SampledSteps {
    private static final String BATCH = "--batch";
    private static final String EXAMPLES = "--examples";

    @Option(
            names = "--sampling",
            paramLabel = "HOW",
            required = true,
            converter = SamplingWord.class,
            description = "How a step chooses examples: poisson (each by its own coin), fixed-size (a batch without "
                    + "replacement) or none (all of them). Required.")
    private Sampling sampling;

    @Option(names = "--rate", paramLabel = "Q", description = "Poisson: probability to be in a step, 0 to 1.")
    private @Nullable Double rate;

    @Option(names = BATCH, paramLabel = "B", description = "With --examples: examples in a step, expected or fixed.")
    private @Nullable Long batch;

    @Option(names = EXAMPLES, paramLabel = "N", description = "Examples of the data set.")
    private @Nullable Long examples;

    @Option(
            names = "--noise-multiplier",
            paramLabel = "S",
            description = "Standard deviation of the noise / sensitivity for the relation.")
    private @Nullable Double noiseMultiplier;

    @Option(names = "--steps", paramLabel = "T", description = "Number of steps.")
    private @Nullable Long steps;

    @Option(
            names = "--epochs",
            paramLabel = "E",
            description = "In place of --steps: expected passes over the examples; steps are rounded up.")
    private @Nullable Double epochs;

    /** How a step chooses examples. */
    enum Sampling {
        POISSON,
        FIXED_SIZE,
        NONE
    }

    static final class SamplingWord implements ITypeConverter<Sampling> {
        @Override
        public Sampling convert(String word) {
            return Arrays.stream(Sampling.values())
                    .filter(each -> word(each).equals(word))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("must be one of "
                            + Arrays.stream(Sampling.values())
                                    .map(SamplingWord::word)
                                    .collect(Collectors.joining(", "))
                            + ". Provided value: '" + word + "'"));
        }

        private static String word(Sampling sampling) {
            return sampling.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    Optional<Double> noiseMultiplier() {
        return Optional.ofNullable(noiseMultiplier);
    }

    boolean saysHowMany() {
        return steps != null || epochs != null;
    }

    /** All that is wrong with the options; the other methods want it empty. */
    void collect(List<Problem> problems) {
        collectSampling(problems);
        if (noiseMultiplier != null && !(noiseMultiplier >= 0 && noiseMultiplier < Double.POSITIVE_INFINITY)) {
            problems.add(Problem.of(
                    "--noise-multiplier", "it must be a finite number of 0 or more; it is " + noiseMultiplier + "."));
        }
        if (steps != null && epochs != null) {
            problems.add(Problem.of("--epochs", "give --steps or --epochs, not both."));
        }
        if (steps != null && steps < 1) {
            problems.add(Problem.of("--steps", "it must be 1 or more; it is " + steps + "."));
        }
        if (epochs != null && !(epochs > 0 && epochs <= 1e9)) {
            problems.add(Problem.of("--epochs", "it must be above 0 and at most a billion; it is " + epochs + "."));
        }
    }

    private void collectSampling(List<Problem> problems) {
        if (rate != null && !(rate > 0 && rate <= 1)) {
            problems.add(Problem.of("--rate", "it must be above 0 and at most 1; it is " + rate + "."));
        }
        if (examples != null && examples < 1) {
            problems.add(Problem.of(EXAMPLES, "it must be 1 or more; it is " + examples + "."));
        } else if (batch != null && (batch < 1 || (examples != null && batch > examples))) {
            problems.add(Problem.of(
                    BATCH,
                    "it must be from 1 to the number of examples" + (examples == null ? "" : ", " + examples)
                            + "; it is " + batch + "."));
        }
        boolean sizes = batch != null && examples != null;
        boolean some = batch != null || examples != null;
        if (sampling == Sampling.POISSON && (rate == null ? !sizes : some)) {
            problems.add(Problem.of("--sampling poisson", "it needs --rate, or both --batch and --examples."));
        } else if (sampling == Sampling.FIXED_SIZE && (rate != null || !sizes)) {
            problems.add(Problem.of("--sampling fixed-size", "it needs --batch and --examples, and no --rate."));
        } else if (sampling == Sampling.NONE && (rate != null || some)) {
            problems.add(Problem.of("--sampling none", "it takes no --rate, --batch or --examples."));
        }
    }

    long steps() {
        if (steps != null) {
            return steps;
        }
        double passes = Optional.ofNullable(epochs).orElse(1.0);
        return (long) Math.ceil(passes / rate() * (1 - 1e-12));
    }

    /** What one step with this noise reveals. */
    Event step(double noise) {
        Event sum = new Event.Gaussian(noise);
        return switch (sampling) {
            case POISSON -> new Event.PoissonSampled(rate(), sum);
            case FIXED_SIZE -> new Event.SampledWithoutReplacement(value(examples), value(batch), sum);
            case NONE -> sum;
        };
    }

    private double rate() {
        if (sampling == Sampling.NONE) {
            return 1;
        }
        return rate != null ? rate : (double) value(batch) / value(examples);
    }

    private static long value(@Nullable Long given) {
        return Optional.ofNullable(given).orElseThrow();
    }
}
