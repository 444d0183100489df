package dev.tacita.engine.kernel;

import org.junit.jupiter.api.Nested;

class KernelsTest {
    @Nested
    class Java extends ProductsContract {
        @Override
        protected Kernels kernels() {
            return new JavaKernels();
        }
    }

    @Nested
    class Blas extends ProductsContract {
        @Override
        protected Kernels kernels() {
            return BlasKernels.create();
        }
    }

    @Nested
    class OpenBlasAtEverySize extends ProductsContract {
        @Override
        protected Kernels kernels() {
            return new StagedProducts(OpenBlas.load());
        }
    }

    @Nested
    class OneDnnAtEverySize extends ProductsContract {
        @Override
        protected Kernels kernels() {
            return new StagedProducts(OneDnn.load(1));
        }
    }

    @Nested
    class OneDnnConvolutions extends ConvolutionsContract {
        @Override
        protected Kernels kernels() {
            return BlasKernels.of(OneDnn.load(1));
        }
    }
}
