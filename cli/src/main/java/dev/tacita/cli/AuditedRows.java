package dev.tacita.cli;

import dev.tacita.client.SiteDataset;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The rows of an audit: pairs of a training and a test row of the same class, each pair in an order of its own coin, and then rows of
 * neither. Among two such rows a random split decided which one trains, whatever else is known of them.
 */
final class AuditedRows {
    private static final int FEWEST_PAIRS = 10;

    private final Examples examples;
    private final boolean[] member;
    private final int[] classes;
    private final int population;

    private AuditedRows(Examples examples, boolean[] member, int[] classes, int population) {
        this.examples = examples;
        this.member = member;
        this.classes = classes;
        this.population = population;
    }

    /**
     * Draws the rows.
     *
     * @param mostPairs at most so many pairs, and so many rows of neither
     * @throws ProblemsException if there are too few pairs to say anything
     */
    static AuditedRows draw(SiteDataset data, Loss loss, int mostPairs, SeedStream seeds) {
        RandomGenerator random = seeds.random();
        Map<Integer, List<Integer>> train = byClass(data.train(), loss, random);
        Map<Integer, List<Integer>> test = byClass(data.test(), loss, random);
        List<int[]> pairs = new ArrayList<>();
        train.forEach((key, rows) -> {
            List<Integer> others = test.getOrDefault(key, List.of());
            for (int i = 0; i < Math.min(rows.size(), others.size()); i++) {
                pairs.add(new int[] {rows.get(i), data.train().size() + others.get(i), key});
            }
        });
        if (pairs.size() < FEWEST_PAIRS) {
            throw new ProblemsException(
                    "the data for the audit",
                    List.of(Problem.of(
                            "dataset '" + data.name() + "'",
                            "it must have at least " + FEWEST_PAIRS + " pairs of a training and a test row of the same"
                                    + " class. Provided number: " + pairs.size() + ".")));
        }
        shuffle(pairs, random);
        List<int[]> chosen = pairs.subList(0, Math.min(mostPairs, pairs.size()));
        List<Integer> neither = new ArrayList<>(
                IntStream.range(0, data.validation().size()).boxed().toList());
        shuffle(neither, random);
        int population = Math.min(mostPairs, neither.size());
        int[] indexes = new int[2 * chosen.size() + population];
        int[] classes = new int[indexes.length];
        boolean[] member = new boolean[2 * chosen.size()];
        for (int i = 0; i < chosen.size(); i++) {
            int first = random.nextBoolean() ? 0 : 1;
            indexes[2 * i] = chosen.get(i)[first];
            indexes[2 * i + 1] = chosen.get(i)[1 - first];
            classes[2 * i] = chosen.get(i)[2];
            classes[2 * i + 1] = chosen.get(i)[2];
            member[2 * i + first] = true;
        }
        for (int i = 0; i < population; i++) {
            int row = neither.get(i);
            indexes[member.length + i] = data.train().size() + data.test().size() + row;
            classes[member.length + i] = classOf(data.validation(), loss, row);
        }
        Examples all = new Joined(List.of(data.train(), data.test(), data.validation()));
        return new AuditedRows(all.select(indexes), member, classes, population);
    }

    /** All rows: pairs, one after the other, and then the rows of neither. */
    Examples examples() {
        return examples;
    }

    /** How many rows are in pairs. */
    int candidates() {
        return member.length;
    }

    /** Whether the rows in pairs are training rows. */
    boolean[] member() {
        return member.clone();
    }

    /** The classes of all rows. */
    int[] classes() {
        return classes.clone();
    }

    /** The indexes of the rows that are neither. */
    int[] population() {
        return IntStream.range(member.length, member.length + population).toArray();
    }

    private static Map<Integer, List<Integer>> byClass(Examples rows, Loss loss, RandomGenerator random) {
        Map<Integer, List<Integer>> byClass = new TreeMap<>();
        for (int i = 0; i < rows.size(); i++) {
            byClass.computeIfAbsent(classOf(rows, loss, i), key -> new ArrayList<>())
                    .add(i);
        }
        byClass.values().forEach(list -> shuffle(list, random));
        return byClass;
    }

    private static int classOf(Examples rows, Loss loss, int row) {
        if (!loss.classifies() || rows.targetSize() != 1) {
            return 0;
        }
        float[] target = new float[1];
        rows.copyTarget(row, target, 0);
        return Math.max(0, Math.round(target[0]));
    }

    private static <T> void shuffle(List<T> list, RandomGenerator random) {
        for (int i = list.size() - 1; i > 0; i--) {
            list.set(i, list.set(random.nextInt(i + 1), list.get(i)));
        }
    }

    /** Several sets, one after the other. */
    private record Joined(List<Examples> parts) implements Examples {
        @Override
        public int size() {
            return parts.stream().mapToInt(Examples::size).sum();
        }

        @Override
        public Shape inputShape() {
            return parts.get(0).inputShape();
        }

        @Override
        public int targetSize() {
            return parts.get(0).targetSize();
        }

        @Override
        public void copyInput(int index, float[] to, int offset) {
            int row = index;
            int part = 0;
            while (row >= parts.get(part).size()) {
                row -= parts.get(part++).size();
            }
            parts.get(part).copyInput(row, to, offset);
        }

        @Override
        public void copyTarget(int index, float[] to, int offset) {
            int row = index;
            int part = 0;
            while (row >= parts.get(part).size()) {
                row -= parts.get(part++).size();
            }
            parts.get(part).copyTarget(row, to, offset);
        }
    }
}
