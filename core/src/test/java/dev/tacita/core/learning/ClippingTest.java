package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClippingTest {
    @Test
    void aLayerThatIsNotNamedGetsTheNormOfTheRest() {
        var clipping = new Clipping.PerLayer(0.5, new TreeMap<>(Map.of("head", 2.0)));
        assertThat(clipping.of("head")).isEqualTo(2);
        assertThat(clipping.of("body")).isEqualTo(0.5);
    }

    @Test
    void namedNormsAreACopy() {
        var norms = new TreeMap<>(Map.of("head", 2.0));
        var clipping = new Clipping.PerLayer(0.5, norms);
        norms.put("head", 9.0);
        assertThat(clipping.of("head")).isEqualTo(2);
        assertThatThrownBy(() -> clipping.norms().put("head", 9.0)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void normsThatBoundNothingAreRefused() {
        for (double norm : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Clipping.Flat(norm))
                    .hasMessage("clipping norm must be > 0 and finite. Provided value: " + norm);
            assertThatThrownBy(() -> new Clipping.PerLayer(1, new TreeMap<>(Map.of("head", norm))))
                    .hasMessage("clipping norm of node 'head' must be > 0 and finite. Provided value: " + norm);
            assertThatThrownBy(() -> new Clipping.Automatic(norm)).hasMessageStartingWith("stability must be > 0");
            assertThatThrownBy(() -> new Clipping.Quantile(norm, 0.5, 0.2, 5, Clipping.Update.GEOMETRIC))
                    .hasMessageStartingWith("initial clipping norm must be > 0");
        }
        assertThatThrownBy(() -> new Clipping.Automatic(1e-13))
                .hasMessage("stability must be >= 1e-12. Provided value: 1.0E-13");
        assertThatThrownBy(() -> new Clipping.Quantile(1, 1.5, 0.2, 5, Clipping.Update.GEOMETRIC))
                .hasMessage("the quantile of norms must be >= 0 and <= 1. Provided value: 1.5");
        assertThatThrownBy(() -> new Clipping.Quantile(1, 0.5, 0.2, 0, Clipping.Update.GEOMETRIC))
                .hasMessageStartingWith("count-deviation must be > 0");
    }
}
