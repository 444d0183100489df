package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CohortDrawTest {
    static List<Arguments> sizes() {
        return List.of(
                arguments(1.0, 1, 20, 20),
                arguments(1.0, 1, 19, 19),
                arguments(1.0, 1, 10, 10),
                arguments(1.0, 1, 9, 9),
                arguments(.05, 2, 40, 2),
                arguments(.05, 2, 39, 2),
                arguments(.05, 2, 20, 2),
                arguments(.05, 2, 19, 2),
                arguments(.05, 5, 3, 3),
                arguments(.01, 1, 5, 1));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void aFractionButNotFewerThanTheQuorum(double fraction, int quorum, int sites, int expected) {
        assertThat(CohortDraw.size(fraction, quorum, sites)).isEqualTo(expected);
    }

    @Test
    void drawsAreDistinctAscendingRepeatableAndReachEverySite() {
        Set<Integer> seen = new TreeSet<>();
        for (int round = 1; round <= 60; round++) {
            int[] drawn = CohortDraw.draw(7, round, 1, 12, 4);
            assertThat(drawn).hasSize(4).isSorted().doesNotHaveDuplicates();
            assertThat(CohortDraw.draw(7, round, 1, 12, 4)).containsExactly(drawn);
            Arrays.stream(drawn).forEach(seen::add);
        }
        assertThat(seen).hasSize(12);
        assertThat(CohortDraw.draw(7, 1, 2, 1000, 10)).isNotEqualTo(CohortDraw.draw(7, 1, 1, 1000, 10));
    }
}
