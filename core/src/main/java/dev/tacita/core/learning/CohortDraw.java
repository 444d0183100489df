package dev.tacita.core.learning;

import dev.tacita.core.number.SeedStream;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Draws which sites a round asks; the same live and simulated. The same arguments give the same cohort. */
public final class CohortDraw {
    private CohortDraw() {}

    /**
     * round(C * n), but not fewer than the quorum where there are that many, and at least one.
     *
     * @param fraction C
     * @param sites n, at least 1
     */
    public static int size(double fraction, int quorum, int sites) {
        int wanted = (int) Math.round(fraction * sites);
        return Math.min(sites, Math.max(wanted, Math.max(1, quorum)));
    }

    /**
     * Which of the sites, by their places in the order of their names, ascending.
     *
     * @param seed of the run
     * @param sites how many there are
     * @param size how many are drawn, at most {@code sites}
     */
    public static int[] draw(long seed, int round, int attempt, int sites, int size) {
        int[] places = IntStream.range(0, sites).toArray();
        if (size < sites) {
            RandomGenerator random = SeedStream.of(seed)
                    .derive("cohort")
                    .derive(round)
                    .derive(attempt)
                    .random();
            for (int i = 0; i < size; i++) {
                int j = i + random.nextInt(sites - i);
                int other = places[j];
                places[j] = places[i];
                places[i] = other;
            }
        }
        int[] drawn = Arrays.copyOf(places, size);
        Arrays.sort(drawn);
        return drawn;
    }
}
