package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The parts of a federation as processes of their own, started with the command that a user types. */
final class Federation implements AutoCloseable {
    /** One process and what it printed. */
    static final class Part {
        private final Process process;
        private final Path output;

        Part(Process process, Path output) {
            this.process = process;
            this.output = output;
        }

        String output() {
            try {
                return Files.readString(output, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits until a line matches, and returns its first group. */
        String await(String regex, Duration limit) {
            Pattern pattern = Pattern.compile(regex);
            Awaitility.await()
                    .alias("a line like " + regex + " in " + output)
                    .atMost(limit)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> pattern.matcher(output()).find() || !process.isAlive());
            Matcher matcher = pattern.matcher(output());
            assertThat(matcher.find())
                    .as("a line like %s in:%n%s", regex, output())
                    .isTrue();
            return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
        }

        List<String> lines(String regex) {
            return Pattern.compile(regex)
                    .matcher(output())
                    .results()
                    .map(MatchResult::group)
                    .toList();
        }

        int exitCode(Duration limit) throws InterruptedException {
            assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .as("ended within %s; it printed:%n%s", limit, output())
                    .isTrue();
            return process.exitValue();
        }

        void killHard() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        void terminate() {
            process.destroy();
        }

        long pid() {
            return process.pid();
        }

        /** As Ctrl-C in a terminal does. */
        void interrupt() throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }

        boolean isAlive() {
            return process.isAlive();
        }
    }

    private static final Path TACITA = Path.of("target/tacita/bin/tacita").toAbsolutePath();

    private final Path folder;
    private final List<Part> parts = new ArrayList<>();

    Federation(Path folder) {
        this.folder = folder;
    }

    /** Starts {@code tacita arguments...}. */
    Part start(String... arguments) {
        // What lives for seconds would spend most of them on optimising itself.
        return tacita("-Xmx512m -XX:TieredStopAtLevel=1", arguments);
    }

    /** Starts {@code tacita arguments...} with a heap of so many megabytes, for hard work. */
    Part start(int heap, String... arguments) {
        return tacita("-Xmx" + heap + "m", arguments);
    }

    /** Starts a program of the tests with a heap of so many megabytes, for hard work. */
    Part start(int heap, Class<?> program, String... arguments) {
        return start(
                "",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx" + heap + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName()),
                arguments);
    }

    private Part tacita(String options, String... arguments) {
        return start(options, List.of(TACITA.toString()), arguments);
    }

    private Part start(String options, List<String> program, String... arguments) {
        try {
            Path output = Files.createTempFile(Files.createDirectories(folder), "output-", ".txt");
            // A build in the background ignores Ctrl-C, and its children would too.
            List<String> command = new ArrayList<>(
                    System.getProperty("os.name").equals("Linux") ? List.of("env", "--default-signal=INT") : List.of());
            command.addAll(program);
            command.addAll(List.of(arguments));
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("JAVA_OPTS", options);
            Process process = builder.start();
            process.getOutputStream().close();
            Part part = new Part(process, output);
            parts.add(part);
            return part;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code tacita arguments...} to its end and expects it to have done what was asked. */
    String run(String... arguments) throws InterruptedException {
        Part part = start(arguments);
        assertThat(part.exitCode(Duration.ofMinutes(3)))
                .as("exit code of %s:%n%s", String.join(" ", arguments), part.output())
                .isZero();
        return part.output();
    }

    @Override
    public void close() {
        parts.forEach(part -> part.process.destroyForcibly());
        parts.forEach(part -> part.process.onExit().join());
    }
}
