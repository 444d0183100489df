package dev.tacita.dp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spent;
import dev.tacita.dp.mechanism.Seeded;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoiseShareTest {
    @Test
    void theSharesOfThoseWhoMustAnswerAddUpToTheNoiseThatIsStated() {
        int size = 20_000;
        var terms = new NoiseShare.Terms(size, 0.5, 1.2, 7, 2, 0x1p-32);
        long[] sum = new long[size];
        for (int site = 0; site < 5; site++) {
            long[] words = new long[size];
            Arrays.fill(words, site - 2);
            share(terms, 70 + site).addTo(words);
            for (int i = 0; i < size; i++) {
                sum[i] += words[i];
            }
        }
        float[] noise = new float[size];
        for (int i = 0; i < size; i++) {
            noise[i] = (float) (sum[i] * 0x1p-32);
        }

        DpSgdTest.isNormal("five of seven", noise, 1.2 * 0.5);
    }

    @Test
    void sharesMakeUpForRoundingAndForWhatASumOfDiscreteNoiseLacks() {
        var fine = new NoiseShare.Terms(1_000_000, 1, 2, 10, 3, 0x1p-32);
        assertThat(fine.sensitivity()).isCloseTo(0x1p32 * (1 + 0x1p-15) + 1000, within(1.0));
        assertThat(fine.sigma()).isCloseTo(2 * fine.sensitivity() / Math.sqrt(7), within(1e-3));
        assertThat(fine.event()).isEqualTo(new Event.ZeroConcentrated(0.125));

        // Noise of one step of the ring: tau is ten times the sum of exp(-2 pi^2 k / (k + 1)), k = 1 and 2.
        var coarse = new NoiseShare.Terms(4, 1, Math.sqrt(3) / 3, 3, 0, 1);
        double sigma = coarse.sigma();
        assertThat(sigma).isCloseTo(1, within(1e-4));
        double tau = 10
                * (Math.exp(-Math.PI * Math.PI * sigma * sigma) + Math.exp(-Math.PI * Math.PI * sigma * sigma * 4 / 3));
        double root = 3 / Math.sqrt(3) + tau * 2;
        assertThat(((Event.ZeroConcentrated) coarse.event()).rho()).isCloseTo(root * root / 2, within(1e-12));
        assertThat(root * root / 2).isGreaterThan(1.5001);
    }

    @Test
    void oneSiteAloneIsAccountedForAsTheDiscreteGaussian() {
        assertThat(new NoiseShare.Terms(9, 1, 2, 4, 3, 0x1p-20).event()).isEqualTo(new Event.ZeroConcentrated(0.125));
    }

    @Test
    void aShareIsEnteredBeforeItIsAdded() {
        Spent spent = new Spent();
        var terms = new NoiseShare.Terms(2, 1, 1, 3, 1, 0x1p-32);
        long[] words = {5, 6};
        NoiseShare.of(terms, spent).addTo(words);
        assertThat(spent.event()).isEqualTo(terms.event());
        assertThat(words).doesNotContain(5, 6);

        long[] refused = {5, 6};
        assertThatThrownBy(() -> NoiseShare.of(terms, event -> {
                            throw new IllegalStateException("no budget");
                        })
                        .addTo(refused))
                .hasMessage("no budget");
        assertThat(refused).containsExactly(5, 6);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NoiseShare.of(terms, spent).addTo(new long[3]));
        assertThat(spent.count()).isEqualTo(1);
    }

    @Test
    void termsThatPromiseNothingAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NoiseShare.Terms(1, 1, 1, 3, 3, 0x1p-32))
                .withMessage("missing must be >= 0 and < the 3 sites. Provided value: 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NoiseShare.Terms(1, Double.NaN, 1, 3, 1, 0x1p-32))
                .withMessage("distance must be > 0 and finite. Provided value: NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NoiseShare.Terms(1, 1, 0.1, 3, 1, 1))
                .withMessageStartingWith("the noise of a share must be at least half a step of the ring;");
    }

    private static NoiseShare share(NoiseShare.Terms terms, long seed) {
        return new NoiseShare(terms, new Spent(), Seeded.discreteGaussian(terms.sigma(), terms.sensitivity(), seed));
    }
}
