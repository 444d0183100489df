package dev.tacita.engine.kernel;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.openblas.presets.openblas_nolapack.SetNumThreads;

/** OpenMP's {@code omp_set_num_threads}, which oneDNN's binding leaves out; it acts on the calling thread. */
final class OmpThreads extends SetNumThreads {
    private OmpThreads(Pointer function) {
        put(function);
    }

    static OmpThreads find() {
        Loader.load(openblas_nolapack.class);
        Pointer function = Loader.addressof("omp_set_num_threads");
        if (function == null) {
            throw new UnsatisfiedLinkError("oneDNN's threads cannot be limited: no omp_set_num_threads is loaded");
        }
        return new OmpThreads(function);
    }
}
