package dev.tacita.client;

import static dev.tacita.config.Kinds.constant;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.longInteger;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.path;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.text;

import dev.tacita.config.Section;
import dev.tacita.config.Value;
import dev.tacita.core.model.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the schemas of image folders. */
final class ImageSchemaReader {
    private ImageSchemaReader() {}

    static Value<IdxSchema> idx(Section root) {
        Value<String> name = root.required("name", text());
        Value<Optional<Path>> data = root.optional("data", path());
        Value<IdxSchema.Files> files = root.optional("files", section(ImageSchemaReader::files), IdxSchema.Files.MNIST);
        Value<List<String>> classes = root.required("classes", list(text()));
        Value<Double> validation =
                root.required("validation", number(">= 0 and < 1", value -> value >= 0 && value < 1));
        Value<Long> seed = root.required("seed", longInteger(Long.MIN_VALUE, Long.MAX_VALUE));
        Value<PixelScale> scale = scale(root);
        Value<Optional<IndexedPartition>> partition = root.optional("partition", section(ImageSchemaReader::partition));
        return root.create(() -> new IdxSchema(
                name.get(),
                data.get(),
                files.get(),
                classes.get(),
                validation.get(),
                seed.get(),
                scale.get(),
                partition.get().map(IndexedPartition::partition),
                partition.get().map(IndexedPartition::index).orElse(OptionalInt.empty())));
    }

    static Value<Cifar10Schema> cifar10(Section root) {
        Value<String> name = root.required("name", text());
        Value<Optional<Path>> data = root.optional("data", path());
        Value<Double> validation =
                root.required("validation", number(">= 0 and < 1", value -> value >= 0 && value < 1));
        Value<Long> seed = root.required("seed", longInteger(Long.MIN_VALUE, Long.MAX_VALUE));
        Value<PixelScale> scale = scale(root);
        return root.create(() -> new Cifar10Schema(name.get(), data.get(), validation.get(), seed.get(), scale.get()));
    }

    static Value<PngFolderSchema> png(Section root) {
        Value<String> name = root.required("name", text());
        Value<Optional<Path>> data = root.optional("data", path());
        Value<List<String>> classes = root.required("classes", list(text()));
        Value<Shape> shape =
                root.required("shape", list(integer(1, Integer.MAX_VALUE)).map(Shape::new));
        Value<PixelScale> scale = scale(root);
        Value<Split> split = root.required("split", section(CsvSchemaReader::split));
        return root.create(() ->
                new PngFolderSchema(name.get(), data.get(), classes.get(), shape.get(), scale.get(), split.get()));
    }

    private static Value<PixelScale> scale(Section root) {
        return root.optional("scale", section(ImageSchemaReader::pixelScale), PixelScale.UNIT);
    }

    private static Value<PixelScale> pixelScale(Section section) {
        Value<List<Double>> mean = section.required("mean", list(number()));
        Value<List<Double>> deviation = section.required("deviation", list(number("> 0", value -> value > 0)));
        return section.create(() -> new PixelScale(mean.get(), deviation.get()));
    }

    private static Value<IdxSchema.Files> files(Section section) {
        Value<String> trainImages = section.required("train-images", text());
        Value<String> trainLabels = section.required("train-labels", text());
        Value<String> testImages = section.required("test-images", text());
        Value<String> testLabels = section.required("test-labels", text());
        return section.create(
                () -> new IdxSchema.Files(trainImages.get(), trainLabels.get(), testImages.get(), testLabels.get()));
    }

    private static Value<IndexedPartition> partition(Section section) {
        Value<Integer> sites = section.required("sites", integer(1, Integer.MAX_VALUE));
        Value<Partition.Kind> kind = section.required("kind", constant(Partition.Kind.class));
        Value<Long> seed = section.required("seed", longInteger(Long.MIN_VALUE, Long.MAX_VALUE));
        Value<Optional<Integer>> index = section.optional("index", integer(0, Integer.MAX_VALUE));
        return section.create(() -> new IndexedPartition(
                new Partition(sites.get(), kind.get(), seed.get()),
                index.get().map(OptionalInt::of).orElse(OptionalInt.empty())));
    }

    /** A partition, and which of its sites this one is. */
    private record IndexedPartition(Partition partition, OptionalInt index) {}
}
