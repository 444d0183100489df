package dev.tacita.dp.anonymity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.dp.anonymity.FullDomain.Release;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FullDomainTest {
    private static final Hierarchy AGE = new Hierarchy.Intervals(0, List.of(5.0, 10.0, 50.0));
    private static final Hierarchy WARD = new Hierarchy.Levels(Map.of(
            "icu", List.of("acute"),
            "er", List.of("acute"),
            "rehab", List.of("long"),
            "hospice", List.of("long")));

    @Test
    void theReleaseIsTheBestOfAllThatHaveLargeGroups() {
        long seed = 61;
        Random random = new Random(seed);
        int found = 0;
        for (int i = 0; i < 60; i++) {
            List<List<String>> rows = new ArrayList<>();
            int count = random.nextInt(30);
            for (int row = 0; row < count; row++) {
                rows.add(List.of(
                        Integer.toString(20 + random.nextInt(60)),
                        List.of("icu", "er", "rehab", "hospice").get(random.nextInt(4))));
            }
            int k = 2 + random.nextInt(4);
            int mostLeftOut = random.nextInt(4);
            Optional<Release> release = new FullDomain(List.of(AGE, WARD), k, mostLeftOut).of(rows);
            String where = "seed " + seed + ", case " + i;
            double best = Double.POSITIVE_INFINITY;
            long leastLeftOut = 0;
            for (int age = 0; age <= 4; age++) {
                for (int ward = 0; ward <= 2; ward++) {
                    List<List<String>> coarse = new ArrayList<>();
                    for (List<String> row : rows) {
                        coarse.add(List.of(AGE.at(row.get(0), age), WARD.at(row.get(1), ward)));
                    }
                    long leftOut = coarse.stream()
                            .filter(row -> Collections.frequency(coarse, row) < k)
                            .count();
                    double loss = (age / 4.0 + ward / 2.0) / 2;
                    if (leftOut <= mostLeftOut
                            && leftOut < count
                            && (loss < best || (loss == best && leftOut < leastLeftOut))) {
                        best = loss;
                        leastLeftOut = leftOut;
                    }
                }
            }

            assertThat(release.isPresent()).as(where).isEqualTo(best <= 1);
            if (release.isPresent()) {
                found++;
                Release it = release.get();
                assertThat((it.levels().get(0) / 4.0 + it.levels().get(1) / 2.0) / 2)
                        .as(where)
                        .isCloseTo(best, within(1e-12));
                assertThat(it.leftOut()).as(where).isEqualTo((int) leastLeftOut);
                assertThat(it.rows()).as(where).hasSize(count - it.leftOut());
                for (List<String> row : it.rows()) {
                    assertThat(Collections.frequency(it.rows(), row)).as(where).isGreaterThanOrEqualTo(k);
                }
            }
        }
        assertThat(found).isGreaterThan(30);
    }

    @Test
    void intervalsHoldTheirNumbersAndNest() {
        assertThat(AGE.at("43", 0)).isEqualTo("43");
        assertThat(AGE.at("43", 1)).isEqualTo("[40, 45)");
        assertThat(AGE.at("45", 1)).isEqualTo("[45, 50)");
        assertThat(AGE.at("43", 2)).isEqualTo("[40, 50)");
        assertThat(AGE.at("43", 3)).isEqualTo("[0, 50)");
        assertThat(AGE.at("43", 4)).isEqualTo("*");
        assertThat(AGE.at("-3", 2)).isEqualTo("[-10, 0)");
        assertThat(new Hierarchy.Intervals(0.5, List.of(0.25)).at("1.1", 1)).isEqualTo("[1, 1.25)");
    }

    @Test
    void badHierarchiesAndValuesAreRefusedWithoutShowingTheValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hierarchy.Intervals(0, List.of(5.0, 12.0)))
                .withMessageContaining("a larger whole multiple of the one before. Provided values: [5.0, 12.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hierarchy.Levels(Map.of("a", List.of("x", "y"), "b", List.of("x", "z"))))
                .withMessageContaining("values that are one at a level must be one at the next. 'x' becomes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AGE.at("Smith", 1))
                .withMessage("a value of a column of intervals is not a finite number")
                .withNoCause();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WARD.at("morgue", 1))
                .withMessage("a value of a column is not in its hierarchy");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FullDomain(List.of(AGE), 2, 0).of(List.of(List.of("1", "2"))))
                .withMessage("a row must have 1 values, one for each column. Row 0 has 2");
    }
}
