package dev.tacita.core.metric;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often each class was taken for each: accuracy, balanced accuracy (the mean recall of the classes that occur) and
 * macro F1 (the mean over the classes that occur or were predicted); for two classes also F1, precision and recall of
 * class 1. Exact however it is pooled.
 */
public final class ConfusionMatrix implements Statistic {
    private final int classes;
    private final double[] counts;

    /** Of no examples; at least 2 classes. */
    public ConfusionMatrix(int classes) {
        this(classes, new double[Math.multiplyExact(classes, classes)]);
    }

    /**
     * Of these sums.
     *
     * @param sums row-major: the count of true class i taken for class j at i * classes + j
     */
    public ConfusionMatrix(int classes, double[] sums) {
        if (classes < 2) {
            throw new IllegalArgumentException("classes must be >= 2. Provided value: " + classes);
        }
        this.classes = classes;
        counts = Sums.checked(sums, classes * classes);
    }

    /** Counts one example. */
    public void add(int trueClass, int predictedClass) {
        Sums.checkIndex("the true class", trueClass, classes);
        Sums.checkIndex("the predicted class", predictedClass, classes);
        counts[trueClass * classes + predictedClass]++;
    }

    /** Of both sets of examples. */
    public ConfusionMatrix plus(ConfusionMatrix other) {
        return new ConfusionMatrix(classes, Sums.plus(counts, other.counts));
    }

    /** How many examples of class {@code trueClass} were taken for {@code predictedClass}. */
    public double count(int trueClass, int predictedClass) {
        return counts[trueClass * classes + predictedClass];
    }

    @Override
    public double[] sums() {
        return counts.clone();
    }

    @Override
    public SortedMap<String, Double> metrics() {
        double right = 0;
        double recalls = 0;
        double f1s = 0;
        int occurring = 0;
        int seen = 0;
        for (int i = 0; i < classes; i++) {
            right += count(i, i);
            if (actual(i) > 0) {
                recalls += count(i, i) / actual(i);
                occurring++;
            }
            if (actual(i) + predicted(i) > 0) {
                f1s += f1(i);
                seen++;
            }
        }
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("accuracy", right / Sums.of(counts, 0, counts.length));
        metrics.put("balanced-accuracy", recalls / occurring);
        metrics.put("macro-f1", f1s / seen);
        if (classes == 2) {
            metrics.put("f1", f1(1));
            metrics.put("precision", count(1, 1) / predicted(1));
            metrics.put("recall", count(1, 1) / actual(1));
        }
        return metrics;
    }

    private double f1(int of) {
        return 2 * count(of, of) / (actual(of) + predicted(of));
    }

    private double actual(int of) {
        return Sums.of(counts, of * classes, classes);
    }

    private double predicted(int of) {
        double sum = 0;
        for (int i = 0; i < classes; i++) {
            sum += count(i, of);
        }
        return sum;
    }
}
