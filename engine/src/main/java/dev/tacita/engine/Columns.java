package dev.tacita.engine;

import java.util.Arrays;

/**
 * Images as column matrices and back (Chellapilla, Puri and Simard 2006, sec. 3): one row for each cell of a window, one
 * column for each position, so that a convolution is one matrix product.
 */
final class Columns {
    private final Geometry geometry;
    private final float[] padded;

    Columns(Geometry geometry) {
        this.geometry = geometry;
        padded = new float[geometry.isPadded() ? geometry.paddedSize() : 0];
    }

    /** Writes the image's columns into rows of {@code stride} elements, from {@code column}. */
    void spread(float[] images, int offset, float[] columns, int column, int stride) {
        float[] image = images;
        int start = offset;
        if (geometry.isPadded()) {
            pad(images, offset);
            image = padded;
            start = 0;
        }
        int line = geometry.paddedWidth();
        int plane = geometry.paddedHeight() * line;
        int to = column;
        for (int channel = 0; channel < geometry.channels(); channel++) {
            for (int ky = 0; ky < geometry.window().height(); ky++) {
                for (int kx = 0; kx < geometry.window().width(); kx++) {
                    spreadCell(image, start + channel * plane + geometry.cell(ky, kx), columns, to);
                    to += stride;
                }
            }
        }
    }

    private void spreadCell(float[] image, int start, float[] columns, int start2) {
        int width = geometry.outputWidth();
        int step = geometry.window().strideWidth();
        int line = geometry.paddedWidth() * geometry.window().strideHeight();
        int from = start;
        int to = start2;
        for (int row = 0; row < geometry.outputHeight(); row++) {
            if (step == 1) {
                System.arraycopy(image, from, columns, to, width);
            } else {
                for (int i = 0; i < width; i++) {
                    columns[to + i] = image[from + i * step];
                }
            }
            from += line;
            to += width;
        }
    }

    /** Adds columns up into the image they were spread from; the image is overwritten. */
    void gather(float[] columns, int column, int stride, float[] images, int offset) {
        float[] image = geometry.isPadded() ? padded : images;
        int start = geometry.isPadded() ? 0 : offset;
        Arrays.fill(image, start, start + geometry.paddedSize(), 0f);
        int line = geometry.paddedWidth();
        int plane = geometry.paddedHeight() * line;
        int from = column;
        for (int channel = 0; channel < geometry.channels(); channel++) {
            for (int ky = 0; ky < geometry.window().height(); ky++) {
                for (int kx = 0; kx < geometry.window().width(); kx++) {
                    gatherCell(columns, from, image, start + channel * plane + geometry.cell(ky, kx));
                    from += stride;
                }
            }
        }
        if (geometry.isPadded()) {
            unpad(images, offset);
        }
    }

    private void gatherCell(float[] columns, int start, float[] image, int start2) {
        int width = geometry.outputWidth();
        int step = geometry.window().strideWidth();
        int line = geometry.paddedWidth() * geometry.window().strideHeight();
        int from = start;
        int to = start2;
        for (int row = 0; row < geometry.outputHeight(); row++) {
            if (step == 1) {
                for (int i = 0; i < width; i++) {
                    image[to + i] += columns[from + i];
                }
            } else {
                for (int i = 0; i < width; i++) {
                    image[to + i * step] += columns[from + i];
                }
            }
            from += width;
            to += line;
        }
    }

    private void pad(float[] images, int offset) {
        int line = geometry.paddedWidth();
        int from = offset;
        Arrays.fill(padded, 0f);
        for (int channel = 0; channel < geometry.channels(); channel++) {
            int to = inside(channel);
            for (int row = 0; row < geometry.height(); row++) {
                System.arraycopy(images, from, padded, to, geometry.width());
                from += geometry.width();
                to += line;
            }
        }
    }

    private void unpad(float[] images, int offset) {
        int line = geometry.paddedWidth();
        int to = offset;
        for (int channel = 0; channel < geometry.channels(); channel++) {
            int from = inside(channel);
            for (int row = 0; row < geometry.height(); row++) {
                System.arraycopy(padded, from, images, to, geometry.width());
                to += geometry.width();
                from += line;
            }
        }
    }

    private int inside(int channel) {
        int line = geometry.paddedWidth();
        return (channel * geometry.paddedHeight() + geometry.window().paddingHeight()) * line
                + geometry.window().paddingWidth();
    }
}
