package dev.tacita.server.report;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What the aggregator ran on, for the provenance of its models.
 *
 * @param version of Tacita's code
 * @param commit of the source it was built from; {@code unknown} if the build did not say
 * @param java vendor and version of the virtual machine
 * @param system name, version and architecture of the operating system
 * @param processor its name, and how many the virtual machine may use
 */
public record Surroundings(String version, String commit, String java, String system, String processor) {
    public Surroundings {
        requireNonNull(version, "version is null");
        requireNonNull(commit, "commit is null");
        requireNonNull(java, "java is null");
        requireNonNull(system, "system is null");
        requireNonNull(processor, "processor is null");
    }

    /** Those of this process. */
    public static Surroundings here() {
        Properties build = build();
        String commit = build.getProperty("commit", "");
        return new Surroundings(
                build.getProperty("version", "unknown"),
                commit.isBlank() ? "unknown" : commit,
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                processorName() + ", " + Runtime.getRuntime().availableProcessors() + " available");
    }

    private static Properties build() {
        Properties build = new Properties();
        try (InputStream in = Surroundings.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("build.properties cannot be read", e);
        }
        return build;
    }

    private static String processorName() {
        Path linux = Path.of("/proc/cpuinfo");
        try (var lines = Files.lines(linux)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException | UncheckedIOException e) {
            return System.getProperty("os.arch");
        }
    }
}
