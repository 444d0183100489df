package dev.tacita.simulations;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A study in a process of its own; tells each cell that is done. */
final class StudyProcess {
    private StudyProcess() {}

    /** @param arguments the folder */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (ThreadBackend backend = new ThreadBackend(2)) {
            StudyRunner.run(
                    StudyTest.study(folder, StudyTest.TWELVE_CELLS),
                    folder.resolve("out"),
                    backend,
                    new StudyListener() {
                        @Override
                        public void done(CellResult result, boolean before) {
                            out.println("done " + result.cell());
                        }
                    });
        }
    }
}
