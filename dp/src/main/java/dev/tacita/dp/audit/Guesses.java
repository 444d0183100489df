package dev.tacita.dp.audit;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What an auditor guessed about canaries whose presence was decided by fair coins, one for each.
 *
 * @param canaries how many coins were thrown, 1 or more
 * @param made guesses that were made, the others being abstained from; their number is fixed before the scores are seen
 * @param correct guesses that were right
 */
public record Guesses(int canaries, int made, int correct) {
    public Guesses {
        Checks.atLeast("canaries", canaries, 1);
        Checks.between("guesses made", made, 0, canaries);
        Checks.between("correct guesses", correct, 0, made);
    }

    /**
     * The canaries of the highest scores are guessed to be in, those of the lowest to be out, and the auditor abstains from
     * those between (Steinke, Nasr and Jagielski 2023, algorithm 1). Equal scores are taken in the order of their indexes.
     *
     * @param scores the higher, the more likely in; one for each canary
     * @param included the coins
     * @param guessedIn how many are guessed to be in, fixed before the scores are seen
     * @param guessedOut how many are guessed to be out; together at most all
     */
    public static Guesses ofScores(double[] scores, boolean[] included, int guessedIn, int guessedOut) {
        Checks.sameLength("scores", scores.length, "coins", included.length);
        Checks.noNaN("scores", scores);
        Checks.between("guessedIn", guessedIn, 0, scores.length);
        Checks.between("guessedOut", guessedOut, 0, scores.length - (long) guessedIn);
        int[] ascending = ascending(scores);
        int correct = 0;
        for (int i = 0; i < guessedOut; i++) {
            correct += included[ascending[i]] ? 0 : 1;
        }
        for (int i = 0; i < guessedIn; i++) {
            correct += included[ascending[ascending.length - 1 - i]] ? 1 : 0;
        }
        return new Guesses(scores.length, guessedIn + guessedOut, correct);
    }

    /**
     * Of each pair a fair coin put one into the training data and left the other out, as a random split does for pairs
     * of a training and a test row drawn at random. The one with the higher score is guessed to be in, for the pairs whose
     * scores differ most; on equal scores the first is. Each pair is one canary under the relation "replace one".
     *
     * @param first scores of one row of each pair, in an order that does not depend on the coin
     * @param second scores of the other row
     * @param firstIncluded the coins
     * @param made how many guesses, fixed before the scores are seen
     */
    public static Guesses ofPairs(double[] first, double[] second, boolean[] firstIncluded, int made) {
        Checks.sameLength("scores of second rows", second.length, "first rows", first.length);
        Checks.sameLength("coins", firstIncluded.length, "pairs", first.length);
        Checks.noNaN("scores of first rows", first);
        Checks.noNaN("scores of second rows", second);
        Checks.between("guesses made", made, 0, first.length);
        double[] gaps = new double[first.length];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = first[i] == second[i] ? 0 : Math.abs(first[i] - second[i]);
        }
        int[] ascending = ascending(gaps);
        int correct = 0;
        for (int i = 0; i < made; i++) {
            int pair = ascending[gaps.length - 1 - i];
            correct += first[pair] >= second[pair] == firstIncluded[pair] ? 1 : 0;
        }
        return new Guesses(first.length, made, correct);
    }

    private static int[] ascending(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
