package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.number.SeedStream;
import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void aRangeHoldsAllValuesBetweenRoundNumbers() {
        assertThat(Axis.ACCURACY.over(.73, .82).from()).isCloseTo(.7, within(1e-12));
        assertThat(Axis.ACCURACY.over(.73, .82).lines()).hasSize(4);
        assertThat(Axis.COSINE.over(-.1, .8).from()).isEqualTo(-.25);
        assertThat(Axis.LOSS.over(.4, 2.1).to()).isEqualTo(2.5);
        assertThat(Axis.ACCURACY.over(1, 1).to())
                .isGreaterThan(Axis.ACCURACY.over(1, 1).from());
        for (long seed = 1; seed <= 200; seed++) {
            var random = SeedStream.of(seed).random();
            double scale = Math.pow(10, random.nextInt(9) - 4);
            double least = scale * random.nextGaussian();
            double most = least + scale * random.nextDouble();
            for (Axis axis : new Axis[] {Axis.ACCURACY, Axis.LOSS, Axis.COSINE}) {
                Axis.Range range = axis.over(least, most);
                String what = "seed " + seed + ": " + least + " to " + most + " gave " + range;
                assertThat(range.from()).as(what).isLessThanOrEqualTo(least + 1e-8 * scale);
                assertThat(range.to()).as(what).isGreaterThanOrEqualTo(most - 1e-8 * scale);
                assertThat(range.lines().length).as(what).isBetween(2, 8);
            }
        }
    }
}
