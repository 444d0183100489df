package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.SiteAnswer;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.number.SeedStream;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What a hostile site does. Attacks on data change the rows that a site trains on; attacks on updates change what it sends,
 * the whole of its contribution, also what an algorithm adds to the update. Pure: the same arguments give the same bits.
 */
public sealed interface Attack {
    /** The name that studies use, such as {@code sign-flip}. */
    String name();

    /** What keeps it from being done on such a model; empty if nothing does. */
    default List<Problem> problemsWith(ModelSpec model, Loss loss) {
        return List.of();
    }

    /**
     * What the site trains on.
     *
     * @param own its rows
     * @param classes how many there are
     * @param site from which it draws, the same in every round
     */
    default Examples rows(Examples own, int classes, SeedStream site) {
        return own;
    }

    /**
     * What the site answers.
     *
     * @param algorithm whose part it plays, or pretends to
     * @param rows what it trains on
     */
    default SiteAnswer answer(FederatedAlgorithm algorithm, SiteRound round, LocalTrainer trainer, Examples rows)
            throws InterruptedException {
        return algorithm.answer(round, trainer, rows);
    }

    /** Every class y is called C - 1 - y, of C classes (Fang et al. 2020, section 5.1). */
    record LabelReversal() implements Attack {
        @Override
        public String name() {
            return "label-flip";
        }

        @Override
        public List<Problem> problemsWith(ModelSpec model, Loss loss) {
            return Classes.problems(name(), model, loss);
        }

        @Override
        public Examples rows(Examples own, int classes, SeedStream site) {
            return ChangedExamples.targets(own, (index, target) -> target[0] = classes - 1 - target[0]);
        }
    }

    /**
     * One class is called another (Tolpegin et al. 2020).
     *
     * @param from the class, at least 0
     * @param to what it is called, another one
     */
    record LabelFlip(int from, int to) implements Attack {
        public LabelFlip {
            if (from < 0 || to < 0 || from == to) {
                throw new IllegalArgumentException(
                        "from and to must be two different classes >= 0. Provided values: " + from + ", " + to);
            }
        }

        @Override
        public String name() {
            return "label-flip";
        }

        @Override
        public List<Problem> problemsWith(ModelSpec model, Loss loss) {
            return Classes.problems(name(), model, loss, from, to);
        }

        @Override
        public Examples rows(Examples own, int classes, SeedStream site) {
            return ChangedExamples.targets(own, (index, target) -> target[0] = target[0] == from ? to : target[0]);
        }
    }

    /**
     * Rows with a trigger are called one class, so that the model learns to call whatever has the trigger so (Gu et al. 2017),
     * and the update is enlarged, so that it outweighs the others (model replacement: Bagdasaryan et al. 2020).
     *
     * @param trigger what is put on rows
     * @param target the class, at least 0
     * @param fraction of the site's rows, above 0, at most 1; which of them is drawn once
     * @param scale factor of the update, above 0, finite; 1 to leave it
     */
    record Backdoor(Trigger trigger, int target, double fraction, double scale) implements Attack {
        public Backdoor {
            requireNonNull(trigger, "trigger is null");
            if (target < 0) {
                throw new IllegalArgumentException("target must be >= 0. Provided value: " + target);
            }
            if (!(fraction > 0 && fraction <= 1)) {
                throw new IllegalArgumentException("fraction must be > 0 and <= 1. Provided value: " + fraction);
            }
            positive("scale", scale);
        }

        @Override
        public String name() {
            return "backdoor";
        }

        @Override
        public List<Problem> problemsWith(ModelSpec model, Loss loss) {
            List<Problem> problems = Classes.problems(name(), model, loss, target);
            return problems.isEmpty()
                    ? trigger.problemsWith(model.inputs().get(0).shape())
                    : problems;
        }

        @Override
        public Examples rows(Examples own, int classes, SeedStream site) {
            int[] order = Dealing.shuffled(own.size(), site.derive("backdoor").random());
            boolean[] triggered = new boolean[own.size()];
            for (int i = 0; i < Math.max(1, Math.round(fraction * own.size())); i++) {
                triggered[order[i]] = true;
            }
            return triggered(own, triggered);
        }

        @Override
        public SiteAnswer answer(FederatedAlgorithm algorithm, SiteRound round, LocalTrainer trainer, Examples rows)
                throws InterruptedException {
            SiteAnswer honest = algorithm.answer(round, trainer, rows);
            return scale == 1 ? honest : times(honest, scale);
        }

        /** The rows of other classes, all with the trigger and called {@link #target}: what it is measured on. */
        Examples proof(Examples test) {
            float[] value = new float[test.targetSize()];
            int[] others = IntStream.range(0, test.size())
                    .filter(index -> {
                        test.copyTarget(index, value, 0);
                        return value[0] != target;
                    })
                    .toArray();
            boolean[] all = new boolean[others.length];
            Arrays.fill(all, true);
            return triggered(test.select(others), all);
        }

        private Examples triggered(Examples rows, boolean[] which) {
            return new ChangedExamples(
                    rows,
                    (index, input) -> {
                        if (which[index]) {
                            trigger.put(input, rows.inputShape());
                        }
                    },
                    (index, label) -> label[0] = which[index] ? target : label[0]);
        }
    }

    /** The update is sent with its sign reversed, {@code scale} times as long (Li et al. 2019, RSA, section 6). */
    record SignFlip(double scale) implements Attack {
        public SignFlip {
            positive("scale", scale);
        }

        @Override
        public String name() {
            return "sign-flip";
        }

        @Override
        public SiteAnswer answer(FederatedAlgorithm algorithm, SiteRound round, LocalTrainer trainer, Examples rows)
                throws InterruptedException {
            return times(algorithm.answer(round, trainer, rows), -scale);
        }
    }

    /**
     * The update is sent {@code factor} times as long.
     *
     * @param factor above 0, finite
     */
    record Scaling(double factor) implements Attack {
        public Scaling {
            positive("factor", factor);
        }

        @Override
        public String name() {
            return "scaling";
        }

        @Override
        public SiteAnswer answer(FederatedAlgorithm algorithm, SiteRound round, LocalTrainer trainer, Examples rows)
                throws InterruptedException {
            return times(algorithm.answer(round, trainer, rows), factor);
        }
    }

    /**
     * Normal draws are sent in place of an update (Blanchard et al. 2017, section 6); nothing is trained.
     *
     * @param deviation of each, above 0, finite
     */
    record Gaussian(double deviation) implements Attack {
        public Gaussian {
            positive("deviation", deviation);
        }

        @Override
        public String name() {
            return "gaussian";
        }

        @Override
        public SiteAnswer answer(FederatedAlgorithm algorithm, SiteRound round, LocalTrainer trainer, Examples rows) {
            return drawn(algorithm, round, rows, deviation);
        }
    }

    /**
     * The model is sent back as it came, with a little noise that hides it (Fraboni et al. 2021); nothing is trained.
     *
     * @param deviation of the noise, at least 0, finite
     */
    record FreeRiding(double deviation) implements Attack {
        public FreeRiding {
            if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("deviation must be >= 0 and finite. Provided value: " + deviation);
            }
        }

        @Override
        public String name() {
            return "free-riding";
        }

        @Override
        public SiteAnswer answer(FederatedAlgorithm algorithm, SiteRound round, LocalTrainer trainer, Examples rows) {
            return drawn(algorithm, round, rows, deviation);
        }
    }

    private static void positive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be > 0 and finite. Provided value: " + value);
        }
    }

    private static SiteAnswer times(SiteAnswer honest, double factor) {
        float[] values = honest.contribution().valuesInTheClear().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (factor * values[i]);
        }
        return new SiteAnswer(
                new ModelUpdate(values, honest.contribution().weight()), honest.memory(), honest.training());
    }

    private static SiteAnswer drawn(FederatedAlgorithm algorithm, SiteRound round, Examples rows, double deviation) {
        RandomGenerator random = round.task().seeds().derive("attack").random();
        float[] values = new float[algorithm.contributionSize(round.task().model())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return new SiteAnswer(new ModelUpdate(values, rows.size()), round.memory(), Evaluation.NONE);
    }
}
