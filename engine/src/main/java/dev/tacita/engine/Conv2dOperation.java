package dev.tacita.engine;

import dev.tacita.engine.kernel.Convolution;
import dev.tacita.engine.kernel.ConvolutionShape;
import dev.tacita.engine.kernel.Kernels;
import java.util.Optional;

/**
 * Cross-correlation by kernels that know how, else as matrix products over column matrices. Small images go several at a
 * time, large ones one by one, so that a column matrix stays in the cache and the products stay large; the columns are
 * made again on the way back. A weight much larger than the maps is collected by such products in any case: kernels go
 * over the whole of it for each image.
 */
final class Conv2dOperation extends Operation {
    private static final int POSITIONS_PER_PRODUCT = 128;

    /** Elements of a weight, positions of its maps and positions of a batch from which on products collect faster; measured. */
    private static final int LARGE_WEIGHT = 1 << 20;

    private static final int SMALL_MAP = 64;
    private static final int FEWEST_POSITIONS = 64;
    private static final int POSITIONS_PER_LARGE_PRODUCT = 512;

    private final Kernels kernels;
    private final Geometry geometry;
    private final Optional<Convolution> whole;
    private final Columns images;
    private final int filters;
    private final int weight;
    private final int bias;
    private final boolean hasBias;
    private final boolean largeWeight;
    private final int group;
    private final float[] columns;
    private final float[] joined;
    private final int capacity;
    private Optional<ConvolutionNorms> norms = Optional.empty();

    Conv2dOperation(
            Wiring.Step step, Geometry geometry, Kernels kernels, int parameterOffset, boolean hasBias, int capacity) {
        super(step);
        this.kernels = kernels;
        this.geometry = geometry;
        this.hasBias = hasBias;
        this.capacity = capacity;
        images = new Columns(geometry);
        filters = step.outputShape().dimension(0);
        whole = kernels.convolution(shape(), capacity);
        weight = parameterOffset;
        bias = parameterOffset + filters * geometry.cells();
        largeWeight = hasLargeWeight(geometry, filters);
        group = Math.max(1, Math.min(capacity, positionsPerProduct(geometry, filters) / geometry.positions()));
        columns = new float[geometry.cells() * geometry.positions() * group];
        joined = new float[group > 1 ? filters * geometry.positions() * group : 0];
    }

    private static boolean hasLargeWeight(Geometry geometry, int filters) {
        return (long) filters * geometry.cells() >= LARGE_WEIGHT && geometry.positions() <= SMALL_MAP;
    }

    private static int positionsPerProduct(Geometry geometry, int filters) {
        return hasLargeWeight(geometry, filters) ? POSITIONS_PER_LARGE_PRODUCT : POSITIONS_PER_PRODUCT;
    }

    /** The largest column matrix of any batch, in elements. */
    static long largestColumns(Geometry geometry, int filters) {
        return (long) geometry.cells() * Math.max(geometry.positions(), positionsPerProduct(geometry, filters));
    }

    private ConvolutionShape shape() {
        return new ConvolutionShape(
                geometry.channels(),
                geometry.height(),
                geometry.width(),
                filters,
                geometry.outputHeight(),
                geometry.outputWidth(),
                geometry.window(),
                1,
                hasBias);
    }

    @Override
    void forward(Tape tape) {
        norms.ifPresent(ConvolutionNorms::forget);
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        if (whole.isPresent()) {
            whole.get().forward(tape.batch(), x, tape.parameters(), weight, y);
            return;
        }
        for (int first = 0; first < tape.batch(); first += group) {
            int count = Math.min(group, tape.batch() - first);
            int width = count * geometry.positions();
            spread(x, first, count);
            float[] product = count > 1 ? joined : y;
            int at = count > 1 ? 0 : first * filters * geometry.positions();
            kernels.multiply(
                    false,
                    false,
                    filters,
                    width,
                    geometry.cells(),
                    tape.parameters(),
                    weight,
                    columns,
                    0,
                    false,
                    product,
                    at);
            if (count > 1) {
                split(y, first, count);
            }
        }
        if (hasBias) {
            addBias(tape.parameters(), y, tape.batch());
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        float[] signal = tape.signal(output());
        if (whole.isPresent()) {
            whole.get().signalOfInput(tape.batch(), signal, tape.parameters(), weight, to);
            return;
        }
        for (int first = 0; first < tape.batch(); first += group) {
            int count = Math.min(group, tape.batch() - first);
            int width = count * geometry.positions();
            kernels.multiply(
                    true,
                    false,
                    geometry.cells(),
                    width,
                    filters,
                    tape.parameters(),
                    weight,
                    join(signal, first, count),
                    joinedAt(first, count),
                    false,
                    columns,
                    0);
            for (int i = 0; i < count; i++) {
                images.gather(columns, i * geometry.positions(), width, to, (first + i) * geometry.inputSize());
            }
        }
    }

    @Override
    void goBack(Tape tape, float[] gradient) {
        if (whole.isEmpty() || !goesBackAlone(tape) || collectsByProducts(tape)) {
            super.goBack(tape, gradient);
            return;
        }
        whole.get()
                .backward(
                        tape.batch(),
                        tape.value(input()),
                        tape.signal(output()),
                        tape.parameters(),
                        weight,
                        gradient,
                        tape.signal(input()));
    }

    private boolean collectsByProducts(Tape tape) {
        return largeWeight && tape.batch() * geometry.positions() >= FEWEST_POSITIONS;
    }

    @Override
    void collect(Tape tape, float[] gradient) {
        if (norms.isPresent() && norms.get().holds(tape)) {
            norms.get().collect(gradient, weight, tape.batch());
            return;
        }
        float[] x = tape.value(input());
        float[] signal = tape.signal(output());
        if (whole.isPresent() && !collectsByProducts(tape)) {
            whole.get().collect(tape.batch(), x, signal, gradient, weight);
            return;
        }
        for (int first = 0; first < tape.batch(); first += group) {
            int count = Math.min(group, tape.batch() - first);
            spread(x, first, count);
            kernels.multiply(
                    false,
                    true,
                    filters,
                    geometry.cells(),
                    count * geometry.positions(),
                    join(signal, first, count),
                    joinedAt(first, count),
                    columns,
                    0,
                    first > 0,
                    gradient,
                    weight);
        }
        if (hasBias) {
            collectBias(signal, gradient, tape.batch());
        }
    }

    @Override
    void addSquaredNorms(Tape tape, double[] to) {
        if (norms.isEmpty()) {
            norms = Optional.of(new ConvolutionNorms(kernels, whole, geometry, filters, hasBias, capacity));
        }
        norms.get().addTo(to, tape.value(input()), tape.signal(output()), tape);
    }

    @Override
    void scale(Tape tape, float[] coefficients) {
        if (norms.isPresent() && norms.get().holds(tape)) {
            norms.get().scale(coefficients, tape.batch());
        } else {
            super.scale(tape, coefficients);
        }
    }

    private void spread(float[] x, int first, int count) {
        for (int i = 0; i < count; i++) {
            images.spread(
                    x,
                    (first + i) * geometry.inputSize(),
                    columns,
                    i * geometry.positions(),
                    count * geometry.positions());
        }
    }

    private void split(float[] y, int first, int count) {
        int positions = geometry.positions();
        for (int i = 0; i < count; i++) {
            for (int filter = 0; filter < filters; filter++) {
                int from = (filter * count + i) * positions;
                System.arraycopy(joined, from, y, ((first + i) * filters + filter) * positions, positions);
            }
        }
    }

    private float[] join(float[] signal, int first, int count) {
        if (count == 1) {
            return signal;
        }
        int positions = geometry.positions();
        for (int i = 0; i < count; i++) {
            for (int filter = 0; filter < filters; filter++) {
                int to = (filter * count + i) * positions;
                System.arraycopy(signal, ((first + i) * filters + filter) * positions, joined, to, positions);
            }
        }
        return joined;
    }

    private int joinedAt(int first, int count) {
        return count == 1 ? first * filters * geometry.positions() : 0;
    }

    private void addBias(float[] parameters, float[] y, int batch) {
        int positions = geometry.positions();
        for (int plane = 0; plane < batch * filters; plane++) {
            float value = parameters[bias + plane % filters];
            int at = plane * positions;
            for (int i = 0; i < positions; i++) {
                y[at + i] += value;
            }
        }
    }

    private void collectBias(float[] signal, float[] gradient, int batch) {
        int positions = geometry.positions();
        for (int filter = 0; filter < filters; filter++) {
            double sum = 0;
            for (int row = 0; row < batch; row++) {
                int at = (row * filters + filter) * positions;
                for (int i = 0; i < positions; i++) {
                    sum += signal[at + i];
                }
            }
            gradient[bias + filter] = (float) sum;
        }
    }
}
