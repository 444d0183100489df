package dev.tacita.dp.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.audit.LikelihoodRatioAttack.Spread;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MembershipAttackTest {
    private static final int MODELS = 6;
    private static final int CANDIDATES = 10;
    private static final int EXAMPLES = 14;

    private static ReferenceLosses references(Random random) throws InterruptedException {
        return ReferenceLosses.train(
                (model, trainedOn) -> random.doubles(EXAMPLES, 0.01, 3).toArray(),
                EXAMPLES,
                CANDIDATES,
                MODELS,
                SeedStream.of(31));
    }

    private static double logit(double loss) {
        double p = Math.exp(-loss);
        return Math.log(p / (1 - p));
    }

    @Test
    void eachCandidateIsInHalfOfTheReferenceModelsAndTheRestInNone() throws InterruptedException {
        int[] seen = new int[EXAMPLES];
        ReferenceLosses references = ReferenceLosses.train(
                (model, trainedOn) -> {
                    assertThat(trainedOn).hasSize(CANDIDATES / 2).isSorted();
                    IntStream.of(trainedOn).forEach(i -> seen[i]++);
                    return new double[EXAMPLES];
                },
                EXAMPLES,
                CANDIDATES,
                MODELS,
                SeedStream.of(32));

        for (int i = 0; i < EXAMPLES; i++) {
            assertThat(seen[i]).isEqualTo(i < CANDIDATES ? MODELS / 2 : 0).isEqualTo(references.inModels(i));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceLosses.train((m, t) -> new double[4], 4, 4, 3, SeedStream.of(1)))
                .withMessage("the number of reference models must be even. Provided value: 3");
    }

    @Test
    void likelihoodRatiosAgreeWithTheFormula() throws InterruptedException {
        Random random = new Random(33);
        ReferenceLosses references = references(random);
        double[] losses = random.doubles(EXAMPLES, 0.01, 3).toArray();
        double[] online = LikelihoodRatioAttack.online(references, LossScale.LOG_PROBABILITY, Spread.PER_EXAMPLE)
                .scores(losses);
        double[] offline = LikelihoodRatioAttack.offline(references, LossScale.LOG_PROBABILITY, Spread.PER_EXAMPLE)
                .scores(losses);

        for (int example = 0; example < CANDIDATES; example++) {
            double[] in = confidences(references, example, true);
            double[] out = confidences(references, example, false);
            double x = logit(losses[example]);

            assertThat(online[example])
                    .isCloseTo(
                            logDensity(x, mean(in), deviation(in)) - logDensity(x, mean(out), deviation(out)),
                            within(1e-6));
            assertThat(offline[example]).isCloseTo((x - mean(out)) / deviation(out), within(1e-9));
        }
        assertThat(online[CANDIDATES]).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LikelihoodRatioAttack.online(
                                new ReferenceLosses(new double[2][1], new boolean[][] {{true}, {false}}),
                                LossScale.OTHER,
                                Spread.POOLED)
                        .scores(new double[1]))
                .withMessage("the likelihood ratio of example 0 needs >= 2 reference models that were not trained on it"
                        + " and >= 2 that were. Provided numbers: 1, 1");
    }

    @Test
    void relativeLikelihoodsAgreeWithTheFormula() throws InterruptedException {
        Random random = new Random(34);
        ReferenceLosses references = references(random);
        double[] losses = random.doubles(EXAMPLES, 0.01, 3).toArray();
        int[] population = {10, 11, 12, 13};
        double slope = 0.4;
        double gamma = 1.2;
        double[] online = RelativeAttack.online(references, population, gamma).scores(losses);
        double[] offline =
                RelativeAttack.offline(references, population, gamma, slope).scores(losses);

        for (int x = 0; x < CANDIDATES; x++) {
            int favoured = 0;
            int favouredOffline = 0;
            for (int z : population) {
                favoured +=
                        ratio(losses, references, x, true, 1) >= gamma * ratio(losses, references, z, true, 1) ? 1 : 0;
                favouredOffline +=
                        ratio(losses, references, x, false, slope) >= gamma * ratio(losses, references, z, false, slope)
                                ? 1
                                : 0;
            }
            assertThat(online[x]).isEqualTo(favoured / 4.0);
            assertThat(offline[x]).isEqualTo(favouredOffline / 4.0);
        }
    }

    @Test
    void shadowModelsFindTheClassInWhichMembersHaveTheHigherLoss() {
        Random random = new Random(35);
        int examples = 200;
        double[][] losses = new double[4][examples];
        boolean[][] trainedOn = new boolean[4][examples];
        int[] classes = new int[examples];
        for (int model = 0; model < 4; model++) {
            for (int i = 0; i < examples; i++) {
                classes[i] = i % 2;
                trainedOn[model][i] = random.nextBoolean();
                boolean low = trainedOn[model][i] == (classes[i] == 0);
                losses[model][i] = (low ? 0.5 : 1.5) + 0.3 * random.nextDouble();
            }
        }
        ReferenceLosses shadows = new ReferenceLosses(losses, trainedOn);
        double[] scores = new ShadowModelAttack(shadows, LossScale.LOG_PROBABILITY, classes).scores(losses[0]);
        double[] blind = new ShadowModelAttack(shadows, LossScale.LOG_PROBABILITY, new int[examples]).scores(losses[0]);

        assertThat(MembershipScores.of(scores, trainedOn[0]).areaUnderRoc(0.05).estimate())
                .isGreaterThan(0.99);
        assertThat(MembershipScores.of(blind, trainedOn[0]).areaUnderRoc(0.05).estimate())
                .isLessThan(0.9);
    }

    @Test
    void lossesOfZeroAndOfInfinityHaveScores() {
        double[] losses = {0, Double.POSITIVE_INFINITY, 1};

        for (LossScale scale : LossScale.values()) {
            double[] confidences = scale.confidences(losses);
            assertThat(confidences[0]).isGreaterThan(confidences[2]).isFinite();
            assertThat(confidences[1]).isLessThan(confidences[2]).isFinite();
        }
        assertThat(new YeomAttack().scores(losses)).containsExactly(-0.0, Double.NEGATIVE_INFINITY, -1);
    }

    private static double ratio(double[] losses, ReferenceLosses references, int example, boolean all, double slope) {
        double sum = 0;
        int count = 0;
        for (int model = 0; model < MODELS; model++) {
            if (all || !references.trainedOn(model, example)) {
                sum += Math.exp(-references.loss(model, example));
                count++;
            }
        }
        double out = sum / count;
        double marginal = all ? out : 0.5 * (out + slope * out + 1 - slope);
        return Math.exp(-losses[example]) / marginal;
    }

    private static double[] confidences(ReferenceLosses references, int example, boolean in) {
        return IntStream.range(0, MODELS)
                .filter(model -> references.trainedOn(model, example) == in)
                .mapToDouble(model -> logit(references.loss(model, example)))
                .toArray();
    }

    private static double mean(double[] values) {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .average()
                .orElseThrow();
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.length - 1));
    }

    private static double logDensity(double x, double mean, double deviation) {
        return -Math.pow((x - mean) / deviation, 2) / 2 - Math.log(deviation * Math.sqrt(2 * Math.PI));
    }
}
