package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.safetensors.Safetensors;
import dev.tacita.safetensors.SafetensorsWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of the site's own that runs left, a safetensors file for each run; written when a run measures its final model, and
 * kept until somebody deletes them. They never leave the site.
 */
final class PersonalModels {
    private static final Logger LOG = LoggerFactory.getLogger(PersonalModels.class);

    private final Optional<Path> folder;

    /** Empty keeps none. */
    PersonalModels(Optional<Path> folder) {
        this.folder = folder;
    }

    /** Writes a model, whole or not at all; that it cannot be written is said in the log and stops nothing. */
    void keep(RunId run, RunPlan plan, float[] parameters) {
        if (folder.isEmpty()) {
            LOG.warn("run {}: its model of this site's own is not kept: the agent has no work folder", run);
            return;
        }
        Path file = folder.get().resolve(run + ".safetensors");
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Safetensors model = Safetensors.of(
                plan.model().layout(),
                parameters,
                Map.of(
                        "run",
                        run.value(),
                        "plan",
                        plan.name(),
                        "algorithm",
                        plan.algorithm().name()));
        try {
            OwnerOnly.createFolders(folder.get());
            OwnerOnly.createFile(temporary);
            try (FileOutputStream output = new FileOutputStream(temporary.toFile())) {
                output.write(new SafetensorsWriter().bytes(model));
                output.getFD().sync();
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            LOG.info("run {}: its model of this site's own is in '{}'", run, file);
        } catch (IOException e) {
            LOG.error("run {}: its model of this site's own cannot be written: {}", run, e.toString());
        }
    }
}
