package dev.tacita.dp.accounting;

import java.util.ArrayList;
import java.util.List;

/**
 * The losses of an event composed from cells whose middle moves with the mean: the rounding error of each step has mean 0 and lies in an
 * interval as wide as a cell, so that by Hoeffding's inequality the sum of errors is above epsilonError with a probability below deltaError.
 */
final class PrvGrid {
    private static final int COARSE = 1 << 12;
    private static final int WANTED = 1 << 16;
    private static final int MOST = 1 << 22;

    /** What rounding, cut tails and the integration of the mean can do in each step. */
    private static final double ROUNDING = 4e-16;

    private static final double MEAN_ERROR = 1e-13;

    private final LossSources sources;
    private final double width;
    private final double failure;
    private final double step;
    private final List<LossDistribution> distributions;
    private double tails;

    private PrvGrid(LossSources sources, double width, double failure, double step) {
        this.sources = sources;
        this.width = width;
        this.failure = failure;
        this.step = step;
        this.distributions = compose();
    }

    /** A grid of about 65000 losses; the errors of rounding exceed the error of epsilon with this probability. */
    static PrvGrid coarse(LossSources sources, double failure) {
        double width = 0;
        double coarse = sources.parts().stream()
                        .mapToDouble(part -> part.source().width())
                        .max()
                        .orElse(1)
                / COARSE;
        for (boolean turned : directions(sources)) {
            List<LossComposition.Repeated> parts = parts(sources, coarse, turned, false);
            double[] ends = LossWindow.ends(parts);
            double lowest = 0;
            double highest = 0;
            for (LossComposition.Repeated part : parts) {
                lowest += part.times() * part.distribution().first() * coarse;
                highest += part.times() * part.distribution().last() * coarse;
            }
            width = Math.max(width, Math.min(ends[1], highest) - Math.max(ends[0], lowest));
        }
        return new PrvGrid(sources, width, failure, Math.max(smallestStep(sources, width), width / WANTED));
    }

    /** The same with this error of epsilon, or the smallest one that the largest grid allows. */
    PrvGrid withError(double epsilonError) {
        double wanted = epsilonError / errorPerStep();
        return new PrvGrid(sources, width, failure, Math.max(smallestStep(sources, width), wanted));
    }

    double epsilonError() {
        return step * errorPerStep() + sources.times() * MEAN_ERROR;
    }

    double deltaError() {
        return failure / 2 + tails + sources.times() * ROUNDING;
    }

    List<LossDistribution> distributions() {
        return distributions;
    }

    private double errorPerStep() {
        return Math.sqrt(0.5 * sources.times() * Math.log(2 / failure));
    }

    private List<LossDistribution> compose() {
        List<List<LossComposition.Repeated>> parts = new ArrayList<>();
        List<LossWindow> windows = new ArrayList<>();
        for (boolean turned : directions(sources)) {
            List<LossComposition.Repeated> direction = parts(sources, step, turned, true);
            parts.add(direction);
            LossWindow window = LossWindow.of(direction, direction, 0);
            tails = window.cut() ? 2 * LossWindow.TAIL : tails;
            windows.add(window);
        }
        return LossComposition.of(parts, windows);
    }

    private static List<Boolean> directions(LossSources sources) {
        return sources.symmetric() ? List.of(false) : List.of(false, true);
    }

    private static List<LossComposition.Repeated> parts(
            LossSources sources, double step, boolean turned, boolean centred) {
        return sources.parts().stream()
                .map(part -> {
                    LossCells cells = part.source().cells(step);
                    LossCells seen = turned ? cells.turned() : cells;
                    return new LossComposition.Repeated(
                            centred ? seen.centred(part.source().mean(turned)) : seen.dominating(), part.times());
                })
                .toList();
    }

    private static double smallestStep(LossSources sources, double width) {
        double widest = sources.parts().stream()
                .mapToDouble(part -> part.source().width())
                .max()
                .orElse(1);
        return Math.max(1e-9, Math.max(widest, width) / MOST);
    }

    @Override
    public String toString() {
        return ", grid " + step;
    }
}
