package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.model.Models;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.core.number.Quantization;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RunPlanTest {
    private static RunPlan plan(FederatedAlgorithm algorithm, ProtectionSpec protection, PrivacySpec privacy) {
        return new RunPlan(
                "name",
                "dataset",
                Models.logisticRegression(3, 1),
                new Loss.BinaryCrossEntropyWithLogits(),
                algorithm,
                1,
                1,
                3,
                3,
                Duration.ofSeconds(1),
                0,
                protection,
                privacy,
                FixedPoint.STANDARD,
                1);
    }

    private static final FedAvg FEDAVG = new FedAvg(
            new LocalWork.Train(
                    new OptimizerSpec.Sgd(.1, 0, false, 0), new LocalWork.Extent.Steps(2), OptionalInt.of(4)),
            1);

    private static List<FederatedAlgorithm> beyondAnUpdate() {
        return List.of(
                new Scaffold(FEDAVG),
                new FedNova(FEDAVG),
                new FedDyn(FEDAVG.training(), LearningRateSchedule.CONSTANT, 1),
                new QFedAvg(FEDAVG.training(), LearningRateSchedule.CONSTANT, 1),
                new AdaFedProx(FEDAVG, 1),
                new NewtonRaphson(1, 0),
                new Ditto(FEDAVG, 1));
    }

    @Test
    void noiseGoesLiveWithWhatIsAccountedForAndWithNothingElse() {
        PrivacySpec site = new PrivacySpec.Site(
                1, new PrivacyTarget(new PrivacyTarget.Noise.Multiplier(1), .01, PrivacyTarget.Accounting.RDP));
        assertThat(plan(FEDAVG, new ProtectionSpec.Plain(), site).privacy()).isEqualTo(site);
        assertThat(RunPlan.liveProblems(Models.logisticRegression(3, 1), FEDAVG, site))
                .isEmpty();
        for (FederatedAlgorithm algorithm : beyondAnUpdate()) {
            assertThat(RunPlan.liveProblems(Models.logisticRegression(3, 1), algorithm, site))
                    .as(algorithm.name())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.why())
                            .contains("keeps nothing for the next round; not with " + algorithm.name()));
            assertThat(plan(algorithm, new ProtectionSpec.Plain(), new PrivacySpec.None())
                            .algorithm())
                    .isEqualTo(algorithm);
        }
    }

    @Test
    void whatHasNoRangeThatAPlanStatesIsNotRoundedToFewBits() {
        ProtectionSpec secure = new ProtectionSpec.SecureAggregation(
                Adversary.ACTIVE, 0, 0, Duration.ofSeconds(1), new Quantization(1, 20, 100), 64);
        for (FederatedAlgorithm algorithm : beyondAnUpdate()) {
            if (List.of("scaffold", "feddyn", "ditto").contains(algorithm.name())) {
                assertThat(plan(algorithm, secure, new PrivacySpec.None()).protection())
                        .isEqualTo(secure);
            } else {
                assertThatThrownBy(() -> plan(algorithm, secure, new PrivacySpec.None()))
                        .as(algorithm.name())
                        .hasMessageContaining(algorithm.name() + " sends");
            }
        }
    }

    @Test
    void anAlgorithmSaysWhetherItAsksForMoreThanStepsAlongGradients() {
        assertThat(FEDAVG.correctsGradients()).isFalse();
        assertThat(new FedProx(FEDAVG, .1).correctsGradients()).isTrue();
        assertThat(new FedSgd(1).correctsGradients()).isFalse();
        for (FederatedAlgorithm algorithm : beyondAnUpdate()) {
            assertThat(algorithm.correctsGradients())
                    .as(algorithm.name())
                    .isEqualTo(
                            List.of("scaffold", "feddyn", "adafedprox", "ditto").contains(algorithm.name()));
        }
    }

    @Test
    void twoSumsOfTheSameUpdatesAreNotTwoEquations() {
        ProtectionSpec secure = new ProtectionSpec.SecureAggregation(
                Adversary.ACTIVE, 0, 0, Duration.ofSeconds(1), new Quantization(1, 20, 100), 64);
        LocalWork.Train epochs = new LocalWork.Train(
                FEDAVG.training().optimizer(),
                new LocalWork.Extent.Epochs(1),
                FEDAVG.training().batchSize());
        assertThatThrownBy(() -> plan(new Scaffold(new FedAvg(epochs, 1)), secure, new PrivacySpec.None()))
                .hasMessageContaining("scaffold needs sites that take the same number of steps")
                .hasMessageContaining("Give 'steps' in place of 'epochs'");
    }

    @Test
    void aSitesPartIsSaidInNumbers() {
        assertThat(BesideTheUpdate.sentence(FEDAVG, 4))
                .isEqualTo("each round a site sends an update (4 numbers); keeps nothing");
        assertThat(BesideTheUpdate.sentence(new Scaffold(FEDAVG), 4))
                .isEqualTo(
                        "each round a site sends an update (4 numbers) and how its control variate changes, a mean of its"
                                + " gradients (4 numbers); receives beside the model the control variate of all sites (4 numbers);"
                                + " keeps its control variate (4 numbers), which never leaves it");
        assertThat(BesideTheUpdate.sentence(new NewtonRaphson(1, 0), 4))
                .startsWith("each round a site sends gradient and Hessian of its training loss (18 numbers); receives");
        assertThat(BesideTheUpdate.sentence(new FedNova(FEDAVG), 4))
                .isEqualTo(
                        "each round a site sends an update (4 numbers) and how many steps it took (1 number); keeps nothing");
        for (FederatedAlgorithm algorithm : beyondAnUpdate()) {
            BesideTheUpdate words = algorithm.besideTheUpdate();
            int update = algorithm.sendsUpdate() ? 4 : 0;
            assertThat(words.sent().isEmpty()).as(algorithm.name()).isEqualTo(algorithm.contributionSize(4) == update);
            assertThat(words.received().isEmpty()).as(algorithm.name()).isEqualTo(algorithm.sharedSize(4) == 0);
            assertThat(words.kept().isEmpty()).as(algorithm.name()).isEqualTo(algorithm.siteMemorySize(4) == 0);
            assertThat(algorithm.shared(ServerState.first(algorithm, new float[4])))
                    .as(algorithm.name())
                    .hasSize(algorithm.sharedSize(4));
        }
    }

    private static RunPlan plan(int rounds, double fraction, int quorum, int sites, long millis, int retries) {
        return new RunPlan(
                "name",
                "dataset",
                Models.logisticRegression(3, 1),
                new Loss.BinaryCrossEntropyWithLogits(),
                new FedSgd(1),
                rounds,
                fraction,
                quorum,
                sites,
                Duration.ofMillis(millis),
                retries,
                new ProtectionSpec.Plain(),
                new PrivacySpec.None(),
                FixedPoint.STANDARD,
                1);
    }

    @Test
    void theSmallestPlanIsAccepted() {
        assertThat(plan(1, Double.MIN_VALUE, 1, 1, 1000, 0).rounds()).isEqualTo(1);
        assertThat(plan(1, 1, 3, 3, 1000, 0).sites()).isEqualTo(3);
    }

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> plan(0, 1, 1, 1, 1000, 0)).hasMessageContaining("rounds must be >= 1");
        for (double fraction : new double[] {0, -0.1, 1.01, Double.NaN}) {
            assertThatThrownBy(() -> plan(1, fraction, 1, 1, 1000, 0))
                    .hasMessageContaining("cohort-fraction must be > 0 and <= 1");
        }
        assertThatThrownBy(() -> plan(1, 1, 0, 1, 1000, 0)).hasMessageContaining("quorum must be >= 1");
        assertThatThrownBy(() -> plan(1, 1, 3, 2, 1000, 0)).hasMessageContaining("sites must be >= 3");
        assertThatThrownBy(() -> plan(1, 1, 1, 1, 999, 0)).hasMessageContaining("deadline must be >= 1 s");
        assertThatThrownBy(() -> plan(1, 1, 1, 1, 1000, -1)).hasMessageContaining("retries must be >= 0");
    }
}
