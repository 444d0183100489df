package dev.tacita.server.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes sample reports to look at: {@code target/sample-report.html} and three more. */
final class SampleReport {
    static final Surroundings SURROUNDINGS = new Surroundings(
            "0.1.0",
            "a90758c0c2f4f1b0e8f8a1a6f9c8d7b6a5948372",
            "OpenJDK 64-Bit Server VM 17.0.16+8",
            "Linux 6.1.0 amd64",
            "AMD EPYC 7763, 2 available");

    private SampleReport() {}

    /** The first argument is the folder to write to; {@code target} if there is none. */
    public static void main(String... arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "target"));
        SampleHistory small = SampleHistory.small();
        write(folder.resolve("sample-report.html"), small.history());
        write(
                folder.resolve("sample-report-begun.html"),
                RunHistory.of(small.run, small.plan, small.journal().subList(0, 5)));
        write(
                folder.resolve("sample-report-large.html"),
                SampleHistory.large(100, 1000).history());
        write(
                folder.resolve("sample-report-hostile.html"),
                SampleHistory.hostile().history());
    }

    private static void write(Path file, RunHistory history) throws IOException {
        Files.write(file, new ReportPage(history, SURROUNDINGS).html());
    }
}
