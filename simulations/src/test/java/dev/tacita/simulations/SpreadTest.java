package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void aSpreadIsShownWhereThereIsOne() {
        assertThat(Spread.of(List.of())).hasToString("-");
        assertThat(Spread.of(List.of(Double.NaN))).hasToString("-");
        assertThat(Spread.of(List.of(0.75))).hasToString("0.7500");
        assertThat(Spread.of(List.of(0.5, 0.7, Double.NaN))).hasToString("0.6000 +- 0.1000");
    }
}
