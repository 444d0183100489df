package dev.tacita.benchmarks;

import dev.tacita.client.DatasetReader;
import dev.tacita.client.SiteDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** MNIST from its four IDX files. */
final class Mnist {
    private Mnist() {}

    static SiteDataset read(Path folder) throws IOException {
        Path schema = Files.createTempFile("mnist-", ".yaml");
        try {
            Files.writeString(schema, """
                    name: mnist
                    kind: idx
                    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
                    validation: 0
                    seed: 1
                    """);
            return DatasetReader.read(schema, folder.toAbsolutePath());
        } finally {
            Files.delete(schema);
        }
    }
}
