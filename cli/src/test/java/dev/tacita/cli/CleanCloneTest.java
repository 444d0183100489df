package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first command of the README, on the files that a clone has. Its Maven build runs for real; only the compiler is
 * spared, by the classes that this build has compiled.
 */
final class CleanCloneTest {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BUILD_FILE =
            Pattern.compile("tacita|\\.mvn/.*|(.*/)?pom\\.xml|.*/src/main/(?!java/).*");

    @Test
    void theLauncherBuildsTheCommandAndStartsIt(@TempDir Path temporary) throws Exception {
        for (String program : List.of("bash", "git", "mvn")) {
            assumeThat(isOnThePath(program)).as("%s is on the PATH", program).isTrue();
        }
        assumeThat(CHECKOUT.resolve(".git")).as("a checkout by git").exists();
        Path clone = temporary.resolve("clone");
        for (String file : run(CHECKOUT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
                .split("\0", -1)) {
            if (BUILD_FILE.matcher(file).matches() && Files.exists(CHECKOUT.resolve(file))) {
                copy(file, clone);
            }
            if (file.endsWith("/pom.xml")) {
                copyAll(file.replaceFirst("pom.xml$", "target/classes"), clone);
            }
        }
        String repository = System.getProperty("localRepository", "");
        if (!repository.isEmpty()) {
            Files.writeString(
                    clone.resolve(".mvn/maven.config"),
                    "\n-Dmaven.repo.local=" + repository + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }

        assertThat(run(clone, clone.resolve("tacita").toString(), "--version"))
                .contains("tacita: building", "Java " + Runtime.version());
    }

    private static boolean isOnThePath(String program) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static void copyAll(String folder, Path clone) throws IOException {
        if (Files.exists(CHECKOUT.resolve(folder))) {
            try (var files = Files.walk(CHECKOUT.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    copy(CHECKOUT.relativize(file).toString(), clone);
                }
            }
        }
    }

    private static void copy(String file, Path clone) throws IOException {
        Path copy = clone.resolve(file);
        Files.createDirectories(copy.resolveSibling(""));
        Files.copy(CHECKOUT.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("output-", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            Process process = builder.start();
            try {
                assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(process.exitValue())
                    .as("exit code of %s:%n%s", String.join(" ", command), printed)
                    .isZero();
            return printed;
        } finally {
            Files.delete(output);
        }
    }
}
