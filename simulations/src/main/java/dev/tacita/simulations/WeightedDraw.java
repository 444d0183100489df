package dev.tacita.simulations;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws without replacement, each next one with a probability in proportion to the weights of those that are left: the
 * largest of log weight + Gumbel noise (Efraimidis and Spirakis 2006, in logarithms).
 */
final class WeightedDraw {
    private WeightedDraw() {}

    private record Drawn(int site, double key) {}

    /**
     * Some of the candidates, in the order in which they are drawn.
     *
     * @param logWeights one for each candidate; of those with negative infinity none is drawn before the others
     * @param count at most as many as there are candidates
     */
    static List<Integer> draw(RandomGenerator random, List<Integer> candidates, double[] logWeights, int count) {
        List<Drawn> keys = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            double uniform = Math.max(random.nextDouble(), Double.MIN_NORMAL);
            keys.add(new Drawn(candidates.get(i), logWeights[i] - Math.log(-Math.log(uniform))));
        }
        keys.sort(Comparator.comparingDouble(Drawn::key).reversed());
        return keys.stream().limit(count).map(Drawn::site).toList();
    }
}
