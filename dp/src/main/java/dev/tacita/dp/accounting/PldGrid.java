package dev.tacita.dp.accounting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses a grid for the losses of an event and composes them on it. Steps are powers of two, so that a coarse grid is a part of every
 * finer one: a composition on the coarse one, which costs little, then bounds where the sums of the finer one lie.
 */
final class PldGrid {
    private static final int COARSE = 1 << 12;
    private static final int LEAST = 1 << 14;
    private static final int MOST = 1 << 21;
    private static final double SMALLEST_STEP = 0x1p-30;

    /** The share of epsilon, about, by which rounding may make it larger. */
    private static final double EXCESS = 5e-4;

    /** What each factor's rounding errors may take from delta. */
    private static final double ROUNDING = 4e-16;

    private final LossSources sources;
    private final List<Boolean> directions;
    private double step;
    private List<LossWindow> windows = List.of();
    private List<List<LossComposition.Repeated>> dominating = List.of();

    PldGrid(LossSources sources) {
        this.sources = sources;
        this.directions = sources.symmetric() ? List.of(false) : List.of(false, true);
        double[] coarse = sources.parts().stream()
                .mapToDouble(
                        part -> powerOfTwo(Math.max(SMALLEST_STEP, part.source().width() / COARSE)))
                .toArray();
        List<List<LossComposition.Repeated>> parts = dominating(coarse);
        double widest = sources.parts().stream()
                .mapToDouble(part -> part.source().width())
                .max()
                .orElse(0);
        double finest = Math.max(SMALLEST_STEP, widest / MOST);
        double width = width(parts);
        step = powerOfTwo(Math.max(
                2 * finest, Math.min(width / LEAST, Math.sqrt(EXCESS * width / Math.max(1, sources.times())))));
        do {
            double[] steps = new double[coarse.length];
            boolean same = true;
            for (int i = 0; i < coarse.length; i++) {
                steps[i] = Math.max(coarse[i], step);
                same &= steps[i] == coarse[i];
            }
            List<List<LossComposition.Repeated>> bounding = same ? parts : dominating(steps);
            double[] fine = new double[coarse.length];
            Arrays.fill(fine, step);
            dominating = dominating(fine);
            windows = windows(bounding, dominating);
            step *= 2;
        } while (windows.stream().anyMatch(window -> window.width() > MOST));
        step /= 2;
    }

    double step() {
        return step;
    }

    /** Distributions, one for each direction, that the event's are dominated by. */
    List<LossDistribution> dominating() {
        return composed(dominating, windows, 1);
    }

    /** Distributions, one for each direction, that are dominated by the event's. */
    List<LossDistribution> dominated() {
        List<List<LossComposition.Repeated>> parts = directions.stream()
                .map(turned -> sources.parts().stream()
                        .map(part -> {
                            LossCells cells = part.source().cells(step);
                            return new LossComposition.Repeated(
                                    (turned ? cells.turned() : cells).dominated(), part.times());
                        })
                        .toList())
                .toList();
        return composed(parts, windows(parts, parts), -1);
    }

    private List<LossDistribution> composed(
            List<List<LossComposition.Repeated>> parts, List<LossWindow> windows, int sign) {
        List<LossDistribution> compositions = LossComposition.of(parts, windows);
        List<LossDistribution> result = new ArrayList<>();
        for (int i = 0; i < compositions.size(); i++) {
            double allowance = sources.times() * ROUNDING + (windows.get(i).cut() ? 2 * LossWindow.TAIL : 0);
            result.add(compositions.get(i).withAllowance(sign * allowance));
        }
        return result;
    }

    private List<List<LossComposition.Repeated>> dominating(double[] steps) {
        List<List<LossComposition.Repeated>> result = new ArrayList<>();
        directions.forEach(direction -> result.add(new ArrayList<>()));
        for (int i = 0; i < steps.length; i++) {
            LossSources.Part part = sources.parts().get(i);
            LossCells cells = part.source().cells(steps[i]);
            for (int direction = 0; direction < result.size(); direction++) {
                LossCells seen = directions.get(direction) ? cells.turned() : cells;
                result.get(direction).add(new LossComposition.Repeated(seen.dominating(), part.times()));
            }
        }
        return result;
    }

    private static double width(List<List<LossComposition.Repeated>> directions) {
        double width = 0;
        for (List<LossComposition.Repeated> parts : directions) {
            double[] ends = LossWindow.ends(parts);
            double lowest = 0;
            double highest = 0;
            for (LossComposition.Repeated part : parts) {
                LossDistribution each = part.distribution();
                lowest += part.times() * each.first() * each.step();
                highest += part.times() * each.last() * each.step();
            }
            width = Math.max(width, Math.min(ends[1], highest) - Math.max(ends[0], lowest));
        }
        return width;
    }

    private static List<LossWindow> windows(
            List<List<LossComposition.Repeated>> bounding, List<List<LossComposition.Repeated>> composed) {
        List<LossWindow> windows = new ArrayList<>();
        for (int i = 0; i < composed.size(); i++) {
            windows.add(LossWindow.of(bounding.get(i), composed.get(i), 0));
        }
        return windows;
    }

    private static double powerOfTwo(double value) {
        return Math.scalb(1.0, Math.getExponent(value));
    }
}
