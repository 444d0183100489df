package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the command starts as it is distributed, with the archive of classes that the build has made and without. */
final class DistributionTest {
    private static final Path BUILT = Path.of("target/tacita").toAbsolutePath();
    private static final String ARCHIVE = "classes.jsa";

    private Path moved = Path.of("");

    /** A distribution whose libraries are those of the build, in another place. */
    @BeforeEach
    void move(@TempDir Path folder) throws IOException {
        moved = folder.resolve("tacita");
        Files.createDirectories(moved.resolve("bin"));
        Files.copy(BUILT.resolve("bin/tacita"), moved.resolve("bin/tacita"));
        Files.createDirectory(moved.resolve("lib"));
        try (var libraries = Files.list(BUILT.resolve("lib"))) {
            for (Path library : libraries.toList()) {
                Files.createSymbolicLink(moved.resolve("lib").resolve(library.getFileName()), library);
            }
        }
    }

    /** As JUnit would warn of each link. */
    @AfterEach
    void removeLinks() throws IOException {
        try (var libraries = Files.list(moved.resolve("lib"))) {
            for (Path library : libraries.toList()) {
                Files.delete(library);
            }
        }
    }

    @Test
    void theCommandStartsFromTheArchiveOfTheBuild() throws Exception {
        Path classes = moved.resolveSibling("classes");
        version(BUILT, "-Xlog:class+load:file=" + classes);
        assertThat(Files.readAllLines(classes))
                .anyMatch(line -> line.contains(" dev.tacita.cli.Tacita source: shared objects file"));
    }

    @Test
    void anArchiveThatDoesNotFitIsPassedOverInSilence() throws Exception {
        String version = version(moved, "");
        assertThat(version).matches("tacita \\S+\\RJava \\S+\\R");
        Files.copy(BUILT.resolve(ARCHIVE), moved.resolve(ARCHIVE));
        Path ofTheBuild = libraryOfTheCommand();
        Path other = moved.resolve("lib").resolve(ofTheBuild.getFileName());
        Files.delete(other);
        Files.copy(ofTheBuild, other);
        assertThat(version(moved, ""))
                .as("with another file of the same classes")
                .isEqualTo(version);

        Files.delete(moved.resolve(ARCHIVE));
        Files.writeString(moved.resolve(ARCHIVE), "of a Java that nobody has yet");
        assertThat(version(moved, "")).as("with an archive of another Java").isEqualTo(version);
    }

    private static Path libraryOfTheCommand() throws IOException {
        try (var libraries = Files.newDirectoryStream(BUILT.resolve("lib"), "tacita-cli-*.jar")) {
            return libraries.iterator().next();
        }
    }

    private static String version(Path home, String options) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/tacita").toString(), "--version");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", options);
        Process process = builder.redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }
}
