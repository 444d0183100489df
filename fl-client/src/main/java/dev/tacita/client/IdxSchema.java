package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.ProblemsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a folder of IDX files looks like: images and labels for training and for tests, as MNIST has them; each may be
 * gzipped, with {@code .gz} added to its name.
 *
 * @param name under which the site offers the data
 * @param data the folder, if known
 * @param files the names of the four files
 * @param classNames in the order of the labels, which count from 0
 * @param validation the fraction of the training file that is kept for validation, at least 0, below 1; stratified
 * @param seed of that choice
 * @param scale of the pixels
 * @param partition how the folder is dealt to simulated sites, if it is
 * @param index which of those sites this one is, counted from 0, if the schema says so
 */
public record IdxSchema(
        String name,
        Optional<Path> data,
        Files files,
        List<String> classNames,
        double validation,
        long seed,
        PixelScale scale,
        Optional<Partition> partition,
        OptionalInt index)
        implements DatasetSchema {
    /** File names within the folder. */
    public record Files(String trainImages, String trainLabels, String testImages, String testLabels) {
        /** MNIST's own. */
        public static final Files MNIST = new Files(
                "train-images-idx3-ubyte",
                "train-labels-idx1-ubyte",
                "t10k-images-idx3-ubyte",
                "t10k-labels-idx1-ubyte");
    }

    public IdxSchema {
        requireNonNull(name, "name is null");
        requireNonNull(data, "data is null");
        requireNonNull(files, "files is null");
        classNames = List.copyOf(classNames);
        requireNonNull(scale, "scale is null");
        requireNonNull(partition, "partition is null");
        if (classNames.size() < 2 || classNames.size() > 256) {
            throw new IllegalArgumentException("there must be 2 to 256 classes. Provided value: " + classNames.size());
        }
        if (!(validation >= 0 && validation < 1)) {
            throw new IllegalArgumentException("validation must be >= 0 and < 1. Provided value: " + validation);
        }
        if (index.isPresent()) {
            int sites = partition.map(Partition::sites).orElse(0);
            if (index.getAsInt() < 0 || index.getAsInt() >= sites) {
                throw new IllegalArgumentException(
                        "index must be >= 0 and < the partition's sites. Provided value: " + index.getAsInt());
            }
        }
    }

    /**
     * The whole folder, or the part of this site.
     *
     * @throws ProblemsException with all that is wrong with the data; if the partition has no index
     */
    @Override
    public SiteDataset load(Path folder) {
        if (partition.isPresent() && index.isEmpty()) {
            throw DataProblems.of(folder, "a partition must say with its index which of its sites this one is.");
        }
        IdxDataset dataset = IdxDataset.load(this, folder);
        return index.isPresent() ? dataset.parts().get(index.getAsInt()) : dataset.whole();
    }

    /**
     * All the simulated sites' parts; they share one copy of the images.
     *
     * @throws ProblemsException with all that is wrong with the data; if there is no partition
     */
    public List<SiteDataset> loadParts(Path folder) {
        if (partition.isEmpty()) {
            throw DataProblems.of(folder, "a partition must say how the folder is dealt to sites.");
        }
        return IdxDataset.load(this, folder).parts();
    }
}
