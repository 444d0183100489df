package dev.tacita.dp.audit;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RateRatioTest {
    @ParameterizedTest
    @CsvSource({
        "KATZ_LOG, 589.27335593",
        "ADJUSTED_LOG, 568.32659563",
        "BAILEY, 613.58766147",
        "INVERSE_SINH, 592.63264572"
    })
    void agreesWithTheTestsOfTensorFlowPrivacy(RateRatio method, double ratio) {
        AttackCounts counts = new AttackCounts(1000, 10, 10, 10_000);

        assertThat(Math.exp(method.logRatio(counts, 0.05))).isCloseTo(ratio, within(1e-7));
    }

    @Test
    void exactIntervalsAgreeWithTheTestsOfTensorFlowPrivacy() {
        AttackCounts counts = new AttackCounts(500, 0, 0, 500);

        assertThat(RateRatio.CLOPPER_PEARSON.logRatio(counts, 0.01)).isCloseTo(4.54, within(5e-3));
        assertThat(RateRatio.CLOPPER_PEARSON
                        .epsilon(counts, 0, 0.01, ADD_OR_REMOVE_ONE)
                        .epsilon())
                .isCloseTo(4.54, within(5e-3));
    }

    @ParameterizedTest
    @EnumSource(RateRatio.class)
    void anAttackAndItsComplementProveTheSame(RateRatio method) {
        LowerBound one = method.epsilon(new AttackCounts(5, 995, 1, 999), 0, 0.05, ADD_OR_REMOVE_ONE);
        LowerBound other = method.epsilon(new AttackCounts(999, 1, 995, 5), 0, 0.05, ADD_OR_REMOVE_ONE);

        assertThat(other.epsilon()).isCloseTo(one.epsilon(), within(1e-9));
    }

    @ParameterizedTest
    @EnumSource(RateRatio.class)
    void countsThatSayNothingProveNothing(RateRatio method) {
        for (AttackCounts counts : new AttackCounts[] {
            new AttackCounts(0, 10, 0, 10), new AttackCounts(10, 0, 10, 0), new AttackCounts(50, 50, 50, 50),
        }) {
            assertThat(method.epsilon(counts, 0, 1e-5, ADD_OR_REMOVE_ONE).epsilon())
                    .as(counts.toString())
                    .isZero();
        }
    }

    @Test
    void onlyExactIntervalsAreProofAndTakeADelta() {
        AttackCounts counts = new AttackCounts(900, 100, 100, 900);

        assertThat(RateRatio.CLOPPER_PEARSON
                        .epsilon(counts, 0, 0.05, ADD_OR_REMOVE_ONE)
                        .proven())
                .isTrue();
        assertThat(RateRatio.CLOPPER_PEARSON
                        .epsilon(counts, 0.1, 0.05, ADD_OR_REMOVE_ONE)
                        .epsilon())
                .isBetween(
                        0.1,
                        RateRatio.CLOPPER_PEARSON
                                .epsilon(counts, 0, 0.05, ADD_OR_REMOVE_ONE)
                                .epsilon());
        assertThat(RateRatio.BAILEY.epsilon(counts, 0, 0.05, ADD_OR_REMOVE_ONE).proven())
                .isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateRatio.BAILEY.epsilon(counts, 1e-5, 0.05, ADD_OR_REMOVE_ONE))
                .withMessage("delta must be 0 for the ratio of rates by Bailey; Clopper-Pearson takes others."
                        + " Provided value: 1.0E-5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateRatio.BAILEY.logRatio(counts, Double.NaN))
                .withMessage("falseAlarm must be > 0 and < 1. Provided value: NaN");
    }
}
