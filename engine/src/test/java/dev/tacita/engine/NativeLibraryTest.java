package dev.tacita.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {
    @Test
    void aLibraryThatMultipliesWronglyIsRefusedWithTheRemedy() {
        Kernels correct = new JavaKernels();
        for (float wrong : new float[] {1, Float.NaN}) {
            Kernels kernels = (ta, tb, m, n, k, a, ao, b, bo, accumulate, c, co) -> {
                correct.multiply(ta, tb, m, n, k, a, ao, b, bo, accumulate, c, co);
                c[co + m * n - 1] += wrong;
            };
            assertThatThrownBy(() -> LibraryCheck.products("OpenBLAS", kernels, "Set OPENBLAS_CORETYPE=Haswell"))
                    .isInstanceOf(NativeArithmeticException.class)
                    .hasMessageContaining("OPENBLAS_CORETYPE=Haswell");
        }
        LibraryCheck.products("OpenBLAS", correct, "");
    }

    @Test
    void withoutALibraryThePlainLoopsRunAfterOneWarning() throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(".*/(openblas|dnnl)-[^/]*x86_64\\.jar"))
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        FallBack.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("JavaKernels JavaKernels").containsOnlyOnce("OpenBLAS cannot be loaded");
        assertThat(process.exitValue()).isZero();
    }

    /** Runs in a process of its own, whose class path has no native library. */
    static final class FallBack {
        private FallBack() {}

        public static void main(String[] arguments) {
            System.out.println(BlasKernels.createOrFallBack().getClass().getSimpleName() + " "
                    + BlasKernels.createOrFallBack().getClass().getSimpleName());
        }
    }
}
