package dev.tacita.engine;

import dev.tacita.core.model.Pooling.AdaptiveAvgPool2d;
import dev.tacita.core.model.Shape;

/** The means of bins that cover an image and may overlap. */
final class AdaptiveAvgPoolOperation extends Operation {
    private final int channels;
    private final int height;
    private final int width;
    private final int[] tops;
    private final int[] bottoms;
    private final int[] lefts;
    private final int[] rights;

    AdaptiveAvgPoolOperation(Wiring.Step step) {
        super(step);
        Shape image = step.inputShapes().get(0);
        channels = image.dimension(0);
        height = image.dimension(1);
        width = image.dimension(2);
        int rows = step.outputShape().dimension(1);
        int columns = step.outputShape().dimension(2);
        tops = new int[rows];
        bottoms = new int[rows];
        for (int row = 0; row < rows; row++) {
            tops[row] = AdaptiveAvgPool2d.firstOfBin(row, height, rows);
            bottoms[row] = AdaptiveAvgPool2d.endOfBin(row, height, rows);
        }
        lefts = new int[columns];
        rights = new int[columns];
        for (int column = 0; column < columns; column++) {
            lefts[column] = AdaptiveAvgPool2d.firstOfBin(column, width, columns);
            rights[column] = AdaptiveAvgPool2d.endOfBin(column, width, columns);
        }
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        int planes = tape.batch() * channels;
        int at = 0;
        for (int plane = 0; plane < planes; plane++) {
            int start = plane * height * width;
            for (int row = 0; row < tops.length; row++) {
                for (int column = 0; column < lefts.length; column++) {
                    float sum = 0;
                    for (int line = tops[row]; line < bottoms[row]; line++) {
                        for (int i = lefts[column]; i < rights[column]; i++) {
                            sum += x[start + line * width + i];
                        }
                    }
                    y[at++] = sum / cells(row, column);
                }
            }
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        clear(to, tape.length(input()));
        float[] signal = tape.signal(output());
        int planes = tape.batch() * channels;
        int at = 0;
        for (int plane = 0; plane < planes; plane++) {
            int start = plane * height * width;
            for (int row = 0; row < tops.length; row++) {
                for (int column = 0; column < lefts.length; column++) {
                    float share = signal[at++] / cells(row, column);
                    for (int line = tops[row]; line < bottoms[row]; line++) {
                        for (int i = lefts[column]; i < rights[column]; i++) {
                            to[start + line * width + i] += share;
                        }
                    }
                }
            }
        }
    }

    private int cells(int row, int column) {
        return (bottoms[row] - tops[row]) * (rights[column] - lefts[column]);
    }
}
