package dev.tacita.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Reads a folder of PNG images, in the order of their names. */
final class PngFolderDataset {
    private final PngFolderSchema schema;
    private final DataProblems problems;
    private final List<Path> files = new ArrayList<>();
    private final List<Integer> classes = new ArrayList<>();

    private PngFolderDataset(PngFolderSchema schema, Path folder) {
        this.schema = schema;
        this.problems = new DataProblems(folder);
    }

    static SiteDataset load(PngFolderSchema schema, Path folder) {
        PngFolderDataset dataset = new PngFolderDataset(schema, folder);
        dataset.list(folder);
        return dataset.siteDataset(folder);
    }

    private void list(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw DataProblems.of(folder, "there is no such folder.");
        }
        for (Path each : children(folder)) {
            String name = each.getFileName().toString();
            if (Files.isDirectory(each) && !schema.classNames().contains(name)) {
                problems.add(
                        name, "the folder is not named after a class: " + String.join(", ", schema.classNames()) + ".");
            }
        }
        for (int i = 0; i < schema.classNames().size(); i++) {
            Path ofClass = folder.resolve(schema.classNames().get(i));
            if (Files.isDirectory(ofClass)) {
                for (Path each : children(ofClass)) {
                    if (each.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
                        files.add(each);
                        classes.add(i);
                    }
                }
            }
        }
        if (files.isEmpty()) {
            problems.add("", "there is no PNG file in a folder of a class.");
        }
        problems.throwIfAny();
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        } catch (IOException e) {
            throw DataProblems.of(folder, "the folder cannot be read.");
        }
    }

    private SiteDataset siteDataset(Path folder) {
        int size = schema.shape().size();
        if ((long) files.size() * size > Integer.MAX_VALUE - 8) {
            throw DataProblems.of(
                    folder,
                    "all images together must have fewer than 2^31 cells. Provided value: " + files.size()
                            + " images of " + size + " cells.");
        }
        byte[] pixels = new byte[files.size() * size];
        byte[] labels = new byte[files.size()];
        for (int i = 0; i < labels.length; i++) {
            PngImage.read(files.get(i), schema.shape(), pixels, i * size).ifPresent(why -> problems.add("", why));
            labels[i] = classes.get(i).byteValue();
        }
        problems.throwIfAny();
        ImageExamples all = new ImageExamples(schema.shape(), pixels, labels, schema.scale());
        Split.Parts parts =
                schema.split().apply(all.classes(), schema.classNames().size());
        if (parts.train().length == 0) {
            throw DataProblems.of(folder, "the split leaves no image to train on. Images: " + files.size() + ".");
        }
        int[] trainClasses = java.util.Arrays.stream(parts.train())
                .map(i -> labels[i] & 0xff)
                .toArray();
        return new SiteDataset(
                schema.name(),
                all.select(parts.train()),
                all.select(parts.validation()),
                all.select(parts.test()),
                schema.classNames(),
                List.of(),
                List.of(files.size() + " images."),
                SiteDataset.classWarnings(schema.classNames(), trainClasses),
                true);
    }
}
