package dev.tacita.secureagg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.learning.Evaluation;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummedMetricsTest {
    @Test
    void aSumOfThoseWhoShareAndThoseWhoDoNotIsThatOfThoseWhoShare() {
        RingVector sum = metrics(new Evaluation(10, 3.25, 7)).toVector();
        sum.add(metrics(new Evaluation(5, -0.5, 0)).toVector());
        sum.add(new SummedMetrics(Optional.empty(), Optional.empty(), Optional.empty()).toVector());
        assertThat(SummedMetrics.of(sum)).isEqualTo(metrics(new Evaluation(15, 2.75, 7)));
    }

    @Test
    void whatIsTooLargeForTheVectorIsLeftOut() {
        assertThat(SummedMetrics.of(metrics(new Evaluation(1, 1e100, 1)).toVector()))
                .isEqualTo(new SummedMetrics(Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void whatALiarMakesOfASumIsNotShown() {
        RingVector sum = RingVector.of(Modulus.TWO_64, 3, 0, 4, -1, 0, 0, 0, 5, 0);
        assertThat(SummedMetrics.of(sum))
                .isEqualTo(new SummedMetrics(Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private static SummedMetrics metrics(Evaluation evaluation) {
        return new SummedMetrics(Optional.of(evaluation), Optional.empty(), Optional.empty());
    }
}
