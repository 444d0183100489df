package dev.tacita.engine.kernel;

import org.bytedeco.javacpp.FloatPointer;

/**
 * A picture of rows by columns of cells, each of {@code depth} numbers next to each other, covered by square tiles of
 * {@code side} cells of which one begins every {@code step} cells. A matrix is put to both dimensions of every tile, which
 * gives {@code points} by {@code points} planes that have {@code depth} numbers for each tile; or back.
 */
record TileGrid(int tilesHigh, int tilesWide, int step, int side, int points, int depth) {
    int rows() {
        return (tilesHigh - 1) * step + side;
    }

    int columns() {
        return (tilesWide - 1) * step + side;
    }

    int size() {
        return Math.multiplyExact(Math.multiplyExact(rows(), columns()), depth);
    }

    int planeSize() {
        return Math.multiplyExact(tilesHigh * tilesWide, depth);
    }

    int planesSize() {
        return Math.multiplyExact(points * points, planeSize());
    }

    /** Working memory between the dimensions. */
    int halfSize() {
        return Math.multiplyExact(tilesHigh * points, columns() * depth);
    }

    /**
     * From the picture to the planes.
     *
     * @param matrix points by side
     */
    FixedProducts spread(FloatPointer matrix, FloatPointer picture, FloatPointer half, FloatPointer planes) {
        FixedProducts products = new FixedProducts();
        int line = columns() * depth;
        for (int y = 0; y < tilesHigh; y++) {
            FloatPointer from = at(picture, y * step * line);
            FloatPointer to = at(half, y * points * line);
            products.add(points, line, side, matrix, side, from, line, false, to, line);
            for (int i = 0; i < points; i++) {
                for (int x = 0; x < tilesWide; x++) {
                    products.add(
                            points,
                            depth,
                            side,
                            matrix,
                            side,
                            at(half, (y * points + i) * line + x * step * depth),
                            depth,
                            false,
                            at(planes, i * points * planeSize() + (y * tilesWide + x) * depth),
                            planeSize());
                }
            }
        }
        return products;
    }

    /**
     * From the planes to the picture, adding up where tiles overlap.
     *
     * @param matrix side by points
     */
    FixedProducts gather(FloatPointer matrix, FloatPointer planes, FloatPointer half, FloatPointer picture) {
        FixedProducts products = new FixedProducts();
        int line = columns() * depth;
        for (int y = 0; y < tilesHigh; y++) {
            for (int i = 0; i < points; i++) {
                for (int x = 0; x < tilesWide; x++) {
                    place(
                            products,
                            x > 0,
                            depth,
                            matrix,
                            at(planes, i * points * planeSize() + (y * tilesWide + x) * depth),
                            planeSize(),
                            half,
                            (y * points + i) * line + x * step * depth,
                            depth);
                }
            }
            place(products, y > 0, line, matrix, at(half, y * points * line), line, picture, y * step * line, line);
        }
        return products;
    }

    private void place(
            FixedProducts products,
            boolean afterAnother,
            int length,
            FloatPointer matrix,
            FloatPointer from,
            int stride,
            FloatPointer to,
            int offset,
            int toStride) {
        int shared = afterAnother ? side - step : 0;
        if (shared > 0) {
            products.add(shared, length, points, matrix, points, from, stride, true, at(to, offset), toStride);
        }
        products.add(
                side - shared,
                length,
                points,
                at(matrix, shared * points),
                points,
                from,
                stride,
                false,
                at(to, offset + shared * toStride),
                toStride);
    }

    private static FloatPointer at(FloatPointer pointer, int offset) {
        return pointer.getPointer(FloatPointer.class, offset);
    }
}
