package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.number.FixedPoint;
import org.junit.jupiter.api.Test;

class ModelUpdateTest {
    private static float[] payload(ClippedUpdate update) {
        return update.encode(FixedPoint.STANDARD).plainForEveryoneToRead().payload();
    }

    @Test
    void clippingScalesALongUpdateDownToTheNorm() {
        float[] values = {3, 4};
        assertThat(payload(new ModelUpdate(values, 1).clip(1)))
                .containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
        assertThat(values).containsExactly(3, 4);
    }

    @Test
    void clippingLeavesAShortUpdateAsItIs() {
        assertThat(payload(new ModelUpdate(new float[] {3, 4}, 1).clip(5))).containsExactly(3, 4);
        assertThat(payload(new ModelUpdate(new float[] {0, 0}, 1).clip(5))).containsExactly(0, 0);
    }

    @Test
    void aClipNormMustBePositive() {
        for (double norm : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new ModelUpdate(new float[1], 1).clip(norm))
                    .hasMessageContaining("clip norm must be > 0 and finite");
        }
    }

    @Test
    void aWordIsTheWeightTimesTheEncodedValue() {
        EncodedUpdate encoded =
                new ModelUpdate(new float[] {0.5f, -2}, 3).withoutClipping().encode(FixedPoint.STANDARD);
        assertThat(encoded.size()).isEqualTo(2);
        assertThat(encoded.word(0)).isEqualTo(3L << 31);
        assertThat(encoded.word(1)).isEqualTo(-3L << 33);
    }

    @Test
    void theProtectedUpdateCarriesWeightValuesAndProtection() {
        ProtectedUpdate update = new ModelUpdate(new float[] {0.5f}, 3)
                .withoutClipping()
                .encode(FixedPoint.STANDARD)
                .plainForEveryoneToRead();
        assertThat(update.weight()).isEqualTo(3);
        assertThat(update.protection()).isEqualTo(Protection.PLAIN);
        assertThat(update.payload()).containsExactly(0.5f);
    }

    @Test
    void whatHasNoWordIsRefusedWithItsPlace() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 64.001f, -65}) {
            ClippedUpdate update = new ModelUpdate(new float[] {0, value}, 1).withoutClipping();
            assertThatThrownBy(() -> update.encode(FixedPoint.STANDARD))
                    .isInstanceOf(NotEncodableException.class)
                    .hasMessageContaining("at index 1");
        }
        ClippedUpdate heavy = new ModelUpdate(new float[1], 33_554_432).withoutClipping();
        assertThatThrownBy(() -> heavy.encode(FixedPoint.STANDARD))
                .isInstanceOf(NotEncodableException.class)
                .hasMessageContaining("the weight must be <= 33554431. Provided value: 33554432");
        assertThatThrownBy(() -> new ModelUpdate(new float[1], 0)).hasMessageContaining("weight must be >= 1");
    }
}
