package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.model.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A folder with the binary version of CIFAR-10 (Krizhevsky 2009): {@code data_batch_1.bin} to {@code data_batch_5.bin} for
 * training, as many of them as there are, and {@code test_batch.bin}. An image is a byte for its label and 3,072 for its pixels:
 * red, green, blue, each 32 x 32.
 *
 * @param name under which the site offers the data
 * @param data the folder, if known
 * @param validation the fraction of the training files that is kept for validation, at least 0, below 1; stratified
 * @param seed of that choice
 * @param scale of the pixels
 */
public record Cifar10Schema(String name, Optional<Path> data, double validation, long seed, PixelScale scale)
        implements DatasetSchema {
    private static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    private static final Shape SHAPE = Shape.of(3, 32, 32);
    private static final int RECORD = 1 + 3 * 32 * 32;
    private static final int MOST_TRAINING_FILES = 5;

    public Cifar10Schema {
        requireNonNull(name, "name is null");
        requireNonNull(data, "data is null");
        requireNonNull(scale, "scale is null");
        if (!(validation >= 0 && validation < 1)) {
            throw new IllegalArgumentException("validation must be >= 0 and < 1. Provided value: " + validation);
        }
    }

    @Override
    public SiteDataset load(Path folder) {
        List<Path> training = new ArrayList<>();
        for (int i = 1; i <= MOST_TRAINING_FILES; i++) {
            Path file = folder.resolve("data_batch_" + i + ".bin");
            if (Files.isRegularFile(file)) {
                training.add(file);
            }
        }
        if (training.isEmpty()) {
            throw DataProblems.of(folder.resolve("data_batch_1.bin"), "there is no such file.");
        }
        ImageExamples train = images(training);
        ImageExamples test = images(List.of(folder.resolve("test_batch.bin")));
        int[] classes = train.classes();
        Split.Parts parts = Split.ofTraining(validation, seed, classes, CLASSES.size());
        int[] seen = IntStream.of(parts.train()).map(index -> classes[index]).toArray();
        return new SiteDataset(
                name,
                train.select(parts.train()),
                train.select(parts.validation()),
                test,
                CLASSES,
                List.of(),
                List.of("all " + train.size() + " images of " + training.size() + " training files."),
                SiteDataset.classWarnings(CLASSES, seen),
                true);
    }

    private ImageExamples images(List<Path> files) {
        List<byte[]> contents = files.stream().map(Cifar10Schema::content).toList();
        int count = contents.stream().mapToInt(bytes -> bytes.length / RECORD).sum();
        byte[] pixels = new byte[count * (RECORD - 1)];
        byte[] labels = new byte[count];
        int image = 0;
        for (byte[] bytes : contents) {
            for (int at = 0; at < bytes.length; at += RECORD, image++) {
                labels[image] = bytes[at];
                System.arraycopy(bytes, at + 1, pixels, image * (RECORD - 1), RECORD - 1);
            }
        }
        return new ImageExamples(SHAPE, pixels, labels, scale);
    }

    private static byte[] content(Path file) {
        if (!Files.isRegularFile(file)) {
            throw DataProblems.of(file, "there is no such file.");
        }
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw DataProblems.of(file, "the file cannot be read.");
        }
        if (bytes.length == 0 || bytes.length % RECORD != 0) {
            throw DataProblems.of(
                    file,
                    "its length must be a multiple of " + RECORD + " bytes, an image each. Provided value: "
                            + bytes.length + ".");
        }
        for (int at = 0; at < bytes.length; at += RECORD) {
            if (bytes[at] < 0 || bytes[at] >= CLASSES.size()) {
                throw DataProblems.of(
                        file,
                        "a label must be 0 to 9. Provided value: " + (bytes[at] & 0xff) + " at image " + at / RECORD
                                + ", counted from 0.");
            }
        }
        return bytes;
    }
}
