package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tacita.core.number.SeedStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionTest {
    private static final SeedStream SEEDS = SeedStream.of(3);

    private static final List<Partition> ALL = List.of(
            new Iid(),
            new Dirichlet(.3, 2),
            new Dirichlet(100, 1),
            new Pathological(2, Pathological.Order.IN_ORDER),
            new Pathological(2, Pathological.Order.IN_TURN),
            new Pathological(2, Pathological.Order.DRAWN),
            new Shards(2, OptionalInt.empty()),
            new Shards(3, OptionalInt.of(4)),
            new QuantitySkew(QuantitySkew.Law.POWER, 1.5, 3),
            new QuantitySkew(QuantitySkew.Law.LOG_NORMAL, 1, 1),
            new QuantitySkew(QuantitySkew.Law.LINEAR, 1, 1),
            new QuantitySkew(QuantitySkew.Law.EXPONENTIAL, .5, 2),
            new Composed(7, new Dirichlet(1, 3), new Iid()));

    @Test
    void everyRowGoesToOneSiteAtMostWhateverTheOrderOfTheFile() {
        for (long seed = 1; seed <= 10; seed++) {
            for (Partition partition : ALL) {
                String what = partition + ", seed " + seed;
                var rows = Samples.rows(240 + (int) seed, 5, seed);
                Population population = Population.dealt(rows, rows, partition, 7, seed);
                Population again = Population.dealt(Samples.shuffled(rows, seed), rows, partition, 7, seed);
                Set<String> seen = new HashSet<>();
                int total = 0;
                for (int site = 0; site < 7; site++) {
                    assertThat(population.rows(site)).as(what).isPositive();
                    String text = Samples.text(population.train(site));
                    assertThat(Samples.text(again.train(site))).as(what).isEqualTo(text);
                    for (int i = 0; i < population.rows(site); i++) {
                        seen.add(Samples.text(population.train(site), i));
                    }
                    total += population.rows(site);
                }
                assertThat(seen).as(what).hasSize(total);
                assertThat(population.fingerprint()).isEqualTo(again.fingerprint());
                boolean all =
                        !(partition instanceof Shards shards && shards.size().isPresent());
                assertThat(total).as(what).isEqualTo(all ? rows.size() : 7 * 3 * 4);
            }
        }
    }

    @Test
    void anotherSeedDealsOtherwise() {
        var rows = Samples.rows(200, 4, 1);
        for (Partition partition : ALL) {
            Population one = Population.dealt(rows, rows, partition, 7, 1);
            Population other = Population.dealt(rows, rows, partition, 7, 2);
            assertThat(Samples.text(one.train(0))).as(partition.toString()).isNotEqualTo(Samples.text(other.train(0)));
        }
    }

    @Test
    void onePartitionIsDealtWithinAnother() {
        Rows rows = Rows.of(Samples.rows(600, 4, 1), 1);
        Partition classesThenSizes = new Composed(
                2, new Pathological(2, Pathological.Order.IN_ORDER), new QuantitySkew(QuantitySkew.Law.LINEAR, 1, 1));
        for (long seed = 1; seed <= 5; seed++) {
            int[][] dealt = classesThenSizes.deal(rows, 6, SeedStream.of(seed));
            assertThat(Arrays.stream(dealt)
                            .flatMapToInt(Arrays::stream)
                            .distinct()
                            .count())
                    .as("seed " + seed)
                    .isEqualTo(
                            Arrays.stream(dealt).mapToInt(site -> site.length).sum());
            for (int site = 0; site < 6; site++) {
                Set<Integer> seen = new TreeSet<>();
                Arrays.stream(dealt[site]).forEach(place -> seen.add(rows.classAt(place)));
                assertThat(seen).as("seed " + seed).isSubsetOf(site < 3 ? Set.of(0, 1) : Set.of(1, 2));
            }
            // Class 0 whole and half of class 1, in parts of one, two and three.
            assertThat(Arrays.stream(dealt).limit(3).map(site -> site.length)).containsExactly(38, 75, 112);
        }
        assertThatThrownBy(() -> classesThenSizes.deal(rows, 5, SEEDS))
                .hasMessage("composed needs as many sites in each of its 2 groups. Provided value: 5 sites.");
        assertThatThrownBy(() -> new Composed(2, new Iid(), new Shards(200, OptionalInt.empty())).deal(rows, 4, SEEDS))
                .hasMessage("400 shards needs at least 400 rows. Provided value: 300.");
        assertThatThrownBy(() -> new Composed(1, new Iid(), new Iid())).hasMessageContaining("groups must be >= 2");
    }

    @Test
    void shardsOfASizeLeaveTheRest() {
        Rows rows = Rows.of(Samples.rows(113, 4, 1), 1);
        int[][] dealt = new Shards(3, OptionalInt.of(10)).deal(rows, 3, SEEDS);
        assertThat(Arrays.stream(dealt).map(site -> site.length)).containsExactly(30, 30, 30);
        assertThat(Arrays.stream(dealt).flatMapToInt(Arrays::stream).distinct().count())
                .isEqualTo(90);
    }

    static List<Arguments> pathological() {
        return List.of(
                arguments(3, 1, 60, 3), arguments(5, 2, 100, 5), arguments(5, 2, 100, 10), arguments(4, 3, 120, 6));
    }

    @ParameterizedTest
    @MethodSource("pathological")
    void everySiteHasExactlySoManyClasses(int sites, int classes, int count, int unique) {
        Rows rows = Rows.of(Samples.rows(count, unique, 1), 1);
        for (Pathological.Order order : Pathological.Order.values()) {
            int[][] dealt = new Pathological(classes, order).deal(rows, sites, SEEDS);
            for (int site = 0; site < sites; site++) {
                Set<Integer> seen = new TreeSet<>();
                Arrays.stream(dealt[site]).forEach(place -> seen.add(rows.classAt(place)));
                assertThat(seen).hasSize(classes);
                if (order == Pathological.Order.DRAWN) {
                    assertThat(seen).contains(site % unique);
                } else if (order == Pathological.Order.IN_ORDER) {
                    int first = site;
                    assertThat(seen)
                            .containsExactlyInAnyOrderElementsOf(IntStream.range(0, classes)
                                    .mapToObj(i -> (first + i) % unique)
                                    .toList());
                }
            }
        }
    }

    @Test
    void dirichletKeepsItsSmallestNumberAndASmallAlphaSeparatesClasses() {
        Rows rows = Rows.of(Samples.rows(1000, 10, 1), 1);
        for (int smallest : new int[] {1, 10, 40}) {
            assertThat(Arrays.stream(new Dirichlet(.5, smallest).deal(rows, 10, SEEDS)))
                    .allSatisfy(site -> assertThat(site).hasSizeGreaterThanOrEqualTo(smallest));
        }
        assertThat(largestShare(rows, new Dirichlet(.1, 1)))
                .isGreaterThan(largestShare(rows, new Dirichlet(100, 1)) + .3);
    }

    /** The mean over sites of the share of a site's most frequent class. */
    private static double largestShare(Rows rows, Partition partition) {
        return Arrays.stream(partition.deal(rows, 10, SEEDS))
                .mapToDouble(site -> {
                    int[] counts = new int[10];
                    Arrays.stream(site).forEach(place -> counts[rows.classAt(place)]++);
                    return Arrays.stream(counts).max().orElse(0) / (double) site.length;
                })
                .average()
                .orElseThrow();
    }

    @Test
    void sizesFollowTheirLaw() {
        Rows rows = Rows.of(Samples.rows(1000, 4, 1), 1);
        assertThat(sizes(rows, QuantitySkew.Law.LINEAR, 1)).containsExactly(100, 200, 300, 400);
        assertThat(sizes(rows, QuantitySkew.Law.POWER, 1)).containsExactly(480, 240, 160, 120);
        assertThat(sizes(rows, QuantitySkew.Law.EXPONENTIAL, Math.log(2))).containsExactly(533, 267, 133, 67);
        assertThat(sizes(rows, QuantitySkew.Law.LINEAR, 0)).containsExactly(250, 250, 250, 250);
    }

    private static List<Integer> sizes(Rows rows, QuantitySkew.Law law, double strength) {
        return Arrays.stream(new QuantitySkew(law, strength, 1).deal(rows, 4, SEEDS))
                .map(site -> site.length)
                .toList();
    }

    @Test
    void gammaDrawsHaveTheirMeanAndVariance() {
        for (double shape : new double[] {.1, .5, 1, 3, 20}) {
            var random = new SplittableRandom(5);
            int draws = 100_000;
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < draws; i++) {
                double draw = Gamma.draw(shape, random);
                sum += draw;
                squares += draw * draw;
            }
            double mean = sum / draws;
            double error = 6 * Math.sqrt(shape / draws);
            assertThat(mean).as("shape " + shape).isCloseTo(shape, within(error));
            assertThat(squares / draws - mean * mean).as("shape " + shape).isCloseTo(shape, within(.1 * shape + error));
        }
    }

    @Test
    void drawnClassesAreAllAsLikelyAndPairsDoNotRepeat() {
        Rows rows = Rows.of(Samples.rows(1000, 10, 1), 1);
        int[][] together = new int[10][10];
        for (long seed = 1; seed <= 900; seed++) {
            int[][] dealt = new Pathological(2, Pathological.Order.DRAWN).deal(rows, 10, SeedStream.of(seed));
            for (int site = 0; site < 10; site++) {
                int own = site;
                Arrays.stream(dealt[site])
                        .map(rows::classAt)
                        .distinct()
                        .filter(each -> each != own)
                        .forEach(each -> together[own][each]++);
            }
        }
        for (int own = 0; own < 10; own++) {
            for (int other = 0; other < 10; other++) {
                // 900 draws of one in nine: a hundred, and five deviations of 9.4.
                assertThat(together[own][other])
                        .as(own + " with " + other)
                        .isBetween(own == other ? 0 : 53, own == other ? 0 : 147);
            }
        }
    }

    @Test
    void assignedClassesAreSharedByTheirSites() {
        Rows rows = Rows.of(Samples.rows(100, 4, 1), 1);
        Partition assigned = new AssignedClasses(List.of(List.of(0, 3), List.of(3), List.of(1, 0)));
        int[][] dealt = assigned.deal(rows, 3, SEEDS);
        List<Set<Integer>> seen = Arrays.stream(dealt)
                .map(site -> Arrays.stream(site).map(rows::classAt).boxed().collect(Collectors.toSet()))
                .toList();
        assertThat(seen).containsExactly(Set.of(0, 3), Set.of(3), Set.of(0, 1));
        assertThat(Arrays.stream(dealt).flatMapToInt(Arrays::stream).distinct().count())
                .isEqualTo(100 - rows.placesOf(2).length);
        assertThat(Arrays.stream(dealt).mapToInt(site -> site.length).sum()).isEqualTo(100 - rows.placesOf(2).length);

        assertThatThrownBy(() -> assigned.deal(rows, 4, SEEDS))
                .hasMessage("assigned needs the classes of each of 4 sites. Provided value: 3 lists.");
        assertThatThrownBy(() -> new AssignedClasses(List.of(List.of(4))).deal(rows, 1, SEEDS))
                .hasMessage("assigned needs classes below 4, as many as the data has. Provided value: 4.");
        assertThatThrownBy(() -> new AssignedClasses(List.of(List.of(1), List.of(2, 2))))
                .hasMessage("classes of a site must be one or more, >= 0 and different."
                        + " Provided value: [2, 2] for site 1");
    }

    @Test
    void whatCannotBeDealtIsNamed() {
        Rows few = Rows.of(Samples.rows(10, 5, 1), 1);
        Rows twoClasses = Rows.of(Samples.rows(10, 2, 1), 1);
        assertThatThrownBy(() -> new Iid().deal(few, 11, SEEDS))
                .hasMessage("iid over 11 sites needs at least 11 rows. Provided value: 10.");
        assertThatThrownBy(() -> new Shards(2, OptionalInt.empty()).deal(few, 6, SEEDS))
                .hasMessage("12 shards needs at least 12 rows. Provided value: 10.");
        assertThatThrownBy(() -> new Dirichlet(1, 3).deal(few, 4, SEEDS))
                .hasMessageContaining("needs at least 12 rows");
        assertThatThrownBy(() -> new Dirichlet(.001, 2).deal(twoClasses, 5, SEEDS))
                .hasMessageContaining("gave none of 1000 draws");
        assertThatThrownBy(() -> new Pathological(6, Pathological.Order.IN_ORDER).deal(few, 2, SEEDS))
                .hasMessageContaining("at least 6 classes in the data. Provided value: 5");
        assertThat(new Pathological(5, Pathological.Order.IN_ORDER).problemsWith(few, 3))
                .hasSize(5);
        assertThatThrownBy(() -> new Dirichlet(-1, 1)).hasMessage("alpha must be > 0 and finite. Provided value: -1.0");
        assertThatThrownBy(() -> new Shards(0, OptionalInt.empty())).hasMessageContaining("per-site must be >= 1");
        assertThatThrownBy(() -> new QuantitySkew(QuantitySkew.Law.POWER, -1, 1))
                .hasMessageContaining("strength");
    }
}
