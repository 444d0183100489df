package dev.tacita.engine;

import dev.tacita.core.learning.Loss;
import dev.tacita.core.metric.Calibration;
import dev.tacita.core.metric.Concordance;
import dev.tacita.core.metric.ConfusionMatrix;
import dev.tacita.core.metric.RegressionErrors;
import dev.tacita.core.metric.ScoreHistogram;
import dev.tacita.core.metric.Statistic;
import java.util.Arrays;
import java.util.List;

/** Turns a model's outputs into the statistics that suit its loss. */
abstract class Measurement {
    /** Fine enough for an area under the ROC curve within a thousandth on most data. */
    static final int SCORE_BINS = 4096;

    /** As in Guo et al. 2017, sec. 4. */
    static final int CALIBRATION_BINS = 15;

    /** Of no examples; {@code examples} is how many will come. */
    static Measurement of(Loss loss, int outputs, int examples) {
        if (loss instanceof Loss.SoftmaxCrossEntropy || loss instanceof Loss.Focal) {
            return new OfClasses(outputs);
        } else if (loss instanceof Loss.CoxPartialLikelihood) {
            return new OfTimes(examples);
        } else if (!loss.classifies()) {
            return new OfNumbers(outputs);
        }
        return outputs == 1 ? new OfOneLogit(!(loss instanceof Loss.Hinge)) : new OfLabels(outputs);
    }

    /** Adds the examples of one pass. */
    abstract void add(float[] outputs, float[] targets, int batch);

    abstract List<Statistic> statistics();

    private static final class OfClasses extends Measurement {
        private final ConfusionMatrix confusion;
        private final Calibration calibration = new Calibration(CALIBRATION_BINS);
        private final ScoreHistogram scores = new ScoreHistogram(SCORE_BINS);
        private final double[] probabilities;

        OfClasses(int classes) {
            confusion = new ConfusionMatrix(classes);
            probabilities = new double[classes];
        }

        @Override
        void add(float[] outputs, float[] targets, int batch) {
            int width = probabilities.length;
            for (int row = 0; row < batch; row++) {
                int at = row * width;
                int best = Classes.best(outputs, at, width);
                double sum = 0;
                for (int i = 0; i < width; i++) {
                    probabilities[i] = Math.exp((double) outputs[at + i] - outputs[at + best]);
                    sum += probabilities[i];
                }
                for (int i = 0; i < width; i++) {
                    probabilities[i] /= sum;
                }
                int target = (int) targets[row];
                confusion.add(target, best);
                calibration.add(target, probabilities);
                if (width == 2) {
                    scores.add(target == 1, probabilities[1]);
                }
            }
        }

        @Override
        List<Statistic> statistics() {
            return probabilities.length == 2
                    ? List.of(confusion, calibration, scores)
                    : List.of(confusion, calibration);
        }
    }

    private static final class OfOneLogit extends Measurement {
        private final boolean isProbability;
        private final ConfusionMatrix confusion = new ConfusionMatrix(2);
        private final Calibration calibration = new Calibration(CALIBRATION_BINS);
        private final ScoreHistogram scores = new ScoreHistogram(SCORE_BINS);

        OfOneLogit(boolean isProbability) {
            this.isProbability = isProbability;
        }

        @Override
        void add(float[] outputs, float[] targets, int batch) {
            for (int row = 0; row < batch; row++) {
                boolean positive = targets[row] > 0;
                double probability = 1 / (1 + Math.exp(-(double) outputs[row]));
                confusion.add(positive ? 1 : 0, outputs[row] > 0 ? 1 : 0);
                scores.add(positive, probability);
                if (isProbability) {
                    calibration.add(positive, probability);
                }
            }
        }

        @Override
        List<Statistic> statistics() {
            return isProbability ? List.of(confusion, calibration, scores) : List.of(confusion, scores);
        }
    }

    /** Each output a yes or no of its own, counted together. */
    private static final class OfLabels extends Measurement {
        private final ConfusionMatrix confusion = new ConfusionMatrix(2);
        private final int outputs;

        OfLabels(int outputs) {
            this.outputs = outputs;
        }

        @Override
        void add(float[] values, float[] targets, int batch) {
            for (int i = 0; i < batch * outputs; i++) {
                confusion.add(targets[i] > 0 ? 1 : 0, values[i] > 0 ? 1 : 0);
            }
        }

        @Override
        List<Statistic> statistics() {
            return List.of(confusion);
        }
    }

    private static final class OfNumbers extends Measurement {
        private final RegressionErrors errors = new RegressionErrors();
        private final int outputs;

        OfNumbers(int outputs) {
            this.outputs = outputs;
        }

        @Override
        void add(float[] values, float[] targets, int batch) {
            for (int i = 0; i < batch * outputs; i++) {
                errors.add(targets[i], values[i]);
            }
        }

        @Override
        List<Statistic> statistics() {
            return List.of(errors);
        }
    }

    private static final class OfTimes extends Measurement {
        private final double[] times;
        private final boolean[] events;
        private final double[] scores;
        private int count;

        OfTimes(int examples) {
            times = new double[examples];
            events = new boolean[examples];
            scores = new double[examples];
        }

        @Override
        void add(float[] outputs, float[] targets, int batch) {
            for (int row = 0; row < batch; row++, count++) {
                times[count] = targets[2 * row];
                events[count] = targets[2 * row + 1] > 0;
                scores[count] = outputs[row];
            }
        }

        @Override
        List<Statistic> statistics() {
            return List.of(Concordance.of(
                    Arrays.copyOf(times, count), Arrays.copyOf(events, count), Arrays.copyOf(scores, count)));
        }
    }
}
