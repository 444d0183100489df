package dev.tacita.engine.kernel;

import java.util.Optional;
import org.bytedeco.dnnl.stream;

/** A {@link ResidentWeight} by oneDNN's products, prepared for each number of rows that is met. */
final class OneDnnResidentWeight implements ResidentWeight {
    private static final int LARGEST = 1 << 24;

    /** Numbers of a matrix from which on copying it twice a step costs more than it saves; measured. */
    private static final int SMALLEST = 1 << 12;

    private final class Products {
        private final OneDnnBatchedProduct forward;
        private final OneDnnBatchedProduct back;
        private final OneDnnBatchedProduct descend;

        Products(int rows) {
            forward = product(false, true, rows, units, features, values, weight, false, results);
            back = product(false, false, rows, features, units, results, weight, false, signals);
            descend = product(true, false, units, features, rows, results, values, true, weight);
        }

        private OneDnnBatchedProduct product(
                boolean transposeA,
                boolean transposeB,
                int m,
                int n,
                int k,
                NativeBlock a,
                NativeBlock b,
                boolean accumulate,
                NativeBlock c) {
            return new OneDnnBatchedProduct(
                    library.processor(),
                    1,
                    transposeA,
                    transposeB,
                    m,
                    n,
                    k,
                    a.pointer(),
                    b.pointer(),
                    accumulate,
                    c.pointer());
        }
    }

    private final OneDnn library;
    private final int units;
    private final int features;
    private final NativeBlock weight;
    private final NativeBlock values;
    private final NativeBlock results;
    private final NativeBlock signals;
    private final float[] scaled;
    private final Prepared<Products> products = new Prepared<>(Products::new);

    private OneDnnResidentWeight(OneDnn library, int units, int features, int rows) {
        this.library = library;
        this.units = units;
        this.features = features;
        weight = new NativeBlock(units * features);
        values = new NativeBlock(rows * features);
        results = new NativeBlock(rows * units);
        signals = new NativeBlock(rows * features);
        scaled = new float[rows * units];
    }

    /** For up to {@code rows} rows; empty if the matrix is too small to gain by it, or all of it too large for native memory. */
    static Optional<ResidentWeight> of(OneDnn library, int units, int features, int rows) {
        long size = (long) units * features;
        if (size < SMALLEST || size > LARGEST || (long) rows * Math.max(units, features) > LARGEST) {
            return Optional.empty();
        }
        return Optional.of(new OneDnnResidentWeight(library, units, features, rows));
    }

    @Override
    public void load(float[] parameters, int at) {
        weight.read(parameters, at, units * features);
    }

    @Override
    public void forward(int rows, float[] x, float[] y) {
        stream queue = library.enter();
        values.read(x, 0, rows * features);
        products.of(rows).forward.run(queue);
        results.write(y, 0, rows * units);
    }

    @Override
    public void descend(int rows, float[] signal, float rate, Optional<float[]> to) {
        stream queue = library.enter();
        if (to.isPresent()) {
            results.read(signal, 0, rows * units);
            products.of(rows).back.run(queue);
            signals.write(to.get(), 0, rows * features);
        }
        for (int i = 0; i < rows * units; i++) {
            scaled[i] = -rate * signal[i];
        }
        results.read(scaled, 0, rows * units);
        products.of(rows).descend.run(queue);
    }

    @Override
    public void store(float[] parameters, int at) {
        weight.write(parameters, at, units * features);
    }
}
