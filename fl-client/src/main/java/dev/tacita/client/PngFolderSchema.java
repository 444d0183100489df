package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.model.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a folder of PNG images looks like: one folder for each class, named after it, all images of one size.
 *
 * @param name under which the site offers the data
 * @param data the folder, if known
 * @param classNames in the order of their indexes; the same at every site
 * @param shape (1, height, width) for grey images, (3, height, width) for colour
 * @param scale of the pixels
 * @param split into training, validation and test
 */
public record PngFolderSchema(
        String name, Optional<Path> data, List<String> classNames, Shape shape, PixelScale scale, Split split)
        implements DatasetSchema {
    public PngFolderSchema {
        requireNonNull(name, "name is null");
        requireNonNull(data, "data is null");
        classNames = List.copyOf(classNames);
        requireNonNull(shape, "shape is null");
        requireNonNull(scale, "scale is null");
        requireNonNull(split, "split is null");
        if (classNames.size() < 2 || classNames.size() > 256) {
            throw new IllegalArgumentException("there must be 2 to 256 classes. Provided value: " + classNames.size());
        }
        if (shape.rank() != 3 || (shape.dimension(0) != 1 && shape.dimension(0) != 3)) {
            throw new IllegalArgumentException(
                    "an image must be [1, height, width] or [3, height, width]. Provided value: " + shape);
        }
    }

    @Override
    public SiteDataset load(Path folder) {
        return PngFolderDataset.load(this, folder);
    }
}
