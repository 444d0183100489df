package dev.tacita.engine.kernel;

import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import java.util.Optional;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;

/**
 * oneDNN, which writes its machine code for the processor it finds. It counts threads for each calling thread, so the
 * limit is set again whenever another thread takes over.
 */
final class OneDnn implements Gemm {
    private final OmpThreads threads;
    private final engine processor;
    private final stream queue;
    private final int count;
    private Optional<Thread> limited = Optional.empty();

    private OneDnn(OmpThreads threads, int count) {
        this.threads = threads;
        this.count = count;
        processor = new engine(engine.kind.cpu, 0);
        queue = new stream(processor);
    }

    /**
     * The library, its products and convolutions checked on this processor.
     *
     * @throws NativeArithmeticException if they are wrong
     * @throws LinkageError if there is no library for this platform, or its threads cannot be limited
     */
    static OneDnn load(int threads) {
        Loader.load(dnnl.class);
        OneDnn library = new OneDnn(OmpThreads.find(), threads);
        String remedy = "Set the environment variable ONEDNN_MAX_CPU_ISA=AVX2 and start again";
        LibraryCheck.products("oneDNN", new StagedProducts(library), remedy);
        return library;
    }

    engine processor() {
        return processor;
    }

    /** The stream to compute in, with this thread's limit in force. */
    stream enter() {
        Thread current = Thread.currentThread();
        if (limited.isEmpty() || limited.get() != current) {
            threads.call(count);
            limited = Optional.of(current);
        }
        return queue;
    }

    @Override
    public void multiply(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            FloatPointer a,
            int strideA,
            FloatPointer b,
            int strideB,
            float beta,
            FloatPointer c,
            int strideC) {
        enter();
        int status = dnnl_sgemm(
                (byte) (transposeA ? 'T' : 'N'),
                (byte) (transposeB ? 'T' : 'N'),
                m,
                n,
                k,
                1f,
                a,
                strideA,
                b,
                strideB,
                beta,
                c,
                strideC);
        if (status != dnnl_success) {
            throw new IllegalStateException("oneDNN multiplies " + m + " x " + k + " by " + k + " x " + n
                    + " matrices. Its answer: status " + status);
        }
    }
}
