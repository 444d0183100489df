package dev.tacita.client;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.model.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The images of a folder of IDX files, whole or dealt to simulated sites. */
final class IdxDataset {
    private final IdxSchema schema;
    private final ImageExamples train;
    private final ImageExamples test;

    private IdxDataset(IdxSchema schema, ImageExamples train, ImageExamples test) {
        this.schema = schema;
        this.train = train;
        this.test = test;
    }

    static IdxDataset load(IdxSchema schema, Path folder) {
        IdxSchema.Files files = schema.files();
        ImageExamples train = images(schema, folder, files.trainImages(), files.trainLabels());
        ImageExamples test = images(schema, folder, files.testImages(), files.testLabels());
        if (!train.inputShape().equals(test.inputShape())) {
            throw DataProblems.of(
                    folder,
                    "images for training and for tests must be of one size. Provided values: " + train.inputShape()
                            + ", " + test.inputShape() + ".");
        }
        return new IdxDataset(schema, train, test);
    }

    SiteDataset whole() {
        int[] all = IntStream.range(0, train.size()).toArray();
        return part(all, test, "all " + train.size() + " images of the training file.");
    }

    List<SiteDataset> parts() {
        Partition partition = schema.partition().orElseThrow();
        List<int[]> trains = partition.deal(train.classes());
        List<int[]> tests = partition.dealTest(test.size());
        List<SiteDataset> parts = new ArrayList<>();
        for (int i = 0; i < trains.size(); i++) {
            String note = "part " + i + " of " + trains.size() + ": " + trains.get(i).length
                    + " images of the training file.";
            parts.add(part(trains.get(i), test.select(tests.get(i)), note));
        }
        return List.copyOf(parts);
    }

    private SiteDataset part(int[] indexes, Examples tests, String note) {
        int[] all = train.classes();
        int[] classes = IntStream.of(indexes).map(index -> all[index]).toArray();
        Split.Parts parts = Split.ofTraining(
                schema.validation(), schema.seed(), classes, schema.classNames().size());
        int[] training = parts.train();
        return new SiteDataset(
                schema.name(),
                train.select(at(indexes, training)),
                train.select(at(indexes, parts.validation())),
                tests,
                schema.classNames(),
                List.of(),
                List.of(note),
                SiteDataset.classWarnings(schema.classNames(), at(classes, training)),
                true);
    }

    private static int[] at(int[] values, int[] indexes) {
        return IntStream.of(indexes).map(index -> values[index]).toArray();
    }

    private static ImageExamples images(IdxSchema schema, Path folder, String imagesName, String labelsName) {
        IdxFile images = IdxFile.read(folder, imagesName, 3);
        IdxFile labels = IdxFile.read(folder, labelsName, 1);
        if (images.dimensions()[0] != labels.dimensions()[0]) {
            throw DataProblems.of(
                    folder.resolve(labelsName),
                    "there must be one label for each image. Provided values: " + labels.dimensions()[0] + " labels, "
                            + images.dimensions()[0] + " images.");
        }
        for (byte label : labels.bytes()) {
            if ((label & 0xff) >= schema.classNames().size()) {
                throw DataProblems.of(
                        folder.resolve(labelsName),
                        "a label must be below the number of classes, "
                                + schema.classNames().size() + ". Provided value: " + (label & 0xff) + ".");
            }
        }
        Shape shape = Shape.of(1, images.dimensions()[1], images.dimensions()[2]);
        return new ImageExamples(shape, images.bytes(), labels.bytes(), schema.scale());
    }
}
