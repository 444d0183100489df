package dev.tacita.simulations.spark;

import dev.tacita.simulations.Cell;
import dev.tacita.simulations.DataLoader;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.Study;
import dev.tacita.simulations.StudyReader;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a study and its data lie, at the same place on every machine. Each process reads it once.
 *
 * @param submission by which one start of a study is told from another
 * @param file the study, absolute
 * @param data the folder in which its data lies; empty if it is where the study says
 */
record StudyPlace(String submission, String file, String data) implements Serializable {
    private static Optional<Read> latest = Optional.empty();

    private record Read(StudyPlace place, Study study) {}

    /** One cell of it. */
    private record CellSource(StudyPlace place, String population, String run, long seed) implements SimulationSource {
        @Override
        public Simulation simulation() {
            return place.study().simulation(new Cell(population, run, seed));
        }
    }

    static StudyPlace of(Path file, Optional<Path> data) {
        return new StudyPlace(
                UUID.randomUUID().toString(),
                file.toAbsolutePath().normalize().toString(),
                data.map(folder -> folder.toAbsolutePath().normalize().toString())
                        .orElse(""));
    }

    /**
     * The study.
     *
     * @throws dev.tacita.core.ProblemsException with every problem of the study and of its data, as this machine has them
     */
    Study study() {
        synchronized (StudyPlace.class) {
            if (latest.isEmpty() || !latest.get().place().equals(this)) {
                latest = Optional.empty();
                Optional<Path> folder = data.isEmpty() ? Optional.empty() : Optional.of(Path.of(data));
                Path study = Path.of(file);
                latest = Optional.of(
                        new Read(this, StudyReader.read(study, DataLoader.elsewhere(study, folder, new Datasets()))));
            }
            return latest.get().study();
        }
    }

    SimulationSource source(Cell cell) {
        return new CellSource(this, cell.population(), cell.run(), cell.seed());
    }
}
