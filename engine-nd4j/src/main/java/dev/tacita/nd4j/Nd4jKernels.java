package dev.tacita.nd4j;

import dev.tacita.engine.kernel.Convolution;
import dev.tacita.engine.kernel.ConvolutionShape;
import dev.tacita.engine.kernel.Kernels;
import java.util.Optional;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Matrix products and convolutions by ND4J, on the device of the backend that is on the class path. Operands are copied
 * to the device and results back, for each product: it pays where products are large. Everything else of a step, such as
 * activations, pooling and the optimizer, runs on the host; {@link Nd4jTrainer} leaves nothing there.
 */
public final class Nd4jKernels implements Kernels {
    /**
     * New kernels for one worker.
     *
     * @throws ExceptionInInitializerError or NoClassDefFoundError if there is no backend that can be loaded
     */
    public Nd4jKernels() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    @Override
    public void multiply(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            float[] b,
            int bOffset,
            boolean accumulate,
            float[] c,
            int cOffset) {
        try (INDArray left = HostArrays.in(a, aOffset, transposeA ? k : m, transposeA ? m : k);
                INDArray right = HostArrays.in(b, bOffset, transposeB ? n : k, transposeB ? k : n);
                INDArray product = accumulate ? HostArrays.in(c, cOffset, m, n) : HostArrays.empty(m, n)) {
            MMulTranspose transpose = MMulTranspose.builder()
                    .transposeA(transposeA)
                    .transposeB(transposeB)
                    .build();
            Nd4j.exec(new Mmul(left, right, product, 1.0, accumulate ? 1.0 : 0.0, transpose));
            HostArrays.out(product, c, cOffset);
        }
    }

    @Override
    public Optional<Convolution> convolution(ConvolutionShape shape, int capacity) {
        return shape.groups() == 1 ? Optional.of(new Nd4jConvolution(shape)) : Optional.empty();
    }
}
