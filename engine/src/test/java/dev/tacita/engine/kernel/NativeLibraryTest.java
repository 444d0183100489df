package dev.tacita.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        assertThat(output)
                .contains("JavaKernels JavaKernels")
                .containsOnlyOnce("neither oneDNN nor OpenBLAS can be loaded");
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void oneDnnComputesOnTheThreadThatCallsIt() throws Exception {
        assumeThat(Path.of("/proc/self/task")).isDirectory();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CountThreads.class.getName())
                .redirectErrorStream(true);
        builder.environment().remove("OMP_NUM_THREADS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("arithmetic threads: 1, 1");
    }

    /** Threads that a library starts have the name of the one that called it. */
    static final class CountThreads {
        private CountThreads() {}

        public static void main(String[] arguments) throws InterruptedException {
            BlasKernels kernels = BlasKernels.create();
            long[] counts = new long[2];
            for (int i = 0; i < 2; i++) {
                int run = i;
                Thread thread = new Thread(() -> counts[run] = count(kernels, "arithmetic" + run), "arithmetic" + run);
                thread.start();
                thread.join();
            }
            System.out.println("arithmetic threads: " + counts[0] + ", " + counts[1]);
        }

        private static long count(BlasKernels kernels, String thread) {
            int size = 400;
            float[] matrix = new float[size * size];
            kernels.multiply(false, true, size, size, size, matrix, 0, matrix, 0, false, new float[size * size], 0);
            try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
                return tasks.filter(task -> name(task).equals(thread)).count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String name(Path task) {
            try {
                return Files.readString(task.resolve("comm")).strip();
            } catch (IOException e) {
                return "ended";
            }
        }
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
