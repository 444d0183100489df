package dev.tacita.simulations;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a study's grid into a folder. A cell that is done has its files there and is not run again, as long as nothing that
 * decides its result has changed; so a study that was killed goes on where it was, and ends with the same files.
 */
public final class StudyRunner {
    private StudyRunner() {}

    /**
     * Runs what is not done yet, and writes {@code results.csv}, {@code sites.csv}, {@code summary.csv}, {@code
     * report.html} and the figures of that as SVG; and the trees of cells that grew some, under {@code models}.
     *
     * @param folder made if it is not there
     * @return what came of each cell, in the order of the grid
     * @throws IOException if the folder cannot be read or written
     * @throws InterruptedException if the thread is interrupted before the end
     */
    public static List<CellResult> run(Study study, Path folder, Backend backend, StudyListener listener)
            throws IOException, InterruptedException {
        return run(study, folder, (cell, simulation, rounds) -> backend.run(simulation, rounds), listener);
    }

    /** The same on a backend that must know which cell it runs. */
    public static List<CellResult> run(Study study, Path folder, CellBackend backend, StudyListener listener)
            throws IOException, InterruptedException {
        ResultsFolder results = ResultsFolder.open(folder);
        List<CellResult> all = new ArrayList<>();
        for (Cell cell : study.cells()) {
            Population population = study.population(cell);
            Simulation simulation = study.simulation(cell, population);
            String fingerprint = Study.fingerprint(simulation, study.target());
            var kept = results.find(cell, fingerprint);
            CellRun run = new CellRun(cell, population, study, listener);
            CellResult result = kept.isPresent() ? kept.get() : run.run(simulation, backend);
            if (kept.isEmpty()) {
                results.keep(result, fingerprint, run.models());
            }
            all.add(result);
            listener.done(result, kept.isPresent());
        }
        results.write(study, all);
        return all;
    }
}
