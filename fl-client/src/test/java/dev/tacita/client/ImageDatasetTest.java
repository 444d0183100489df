package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.model.Shape;
import java.awt.image.BufferedImage;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDatasetTest {
    private static final String IDX = """
            name: digits
            kind: idx
            data: .
            classes: [zero, one, two]
            validation: 0.25
            seed: 3
            """;
    private static final String PNG = """
            name: scans
            kind: png
            data: scans
            classes: [healthy, ill]
            shape: [1, 2, 3]
            split: {train: 1, validation: 0, test: 0, seed: 1, stratify: true}
            """;

    private final Path folder;

    ImageDatasetTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void idxFilesReadPlainAndGzippedScaledToOne() throws IOException {
        writeIdx(40, 6);
        SiteDataset data = DatasetReader.read(schema(IDX));
        assertThat(data.inputShape()).isEqualTo(Shape.of(1, 2, 2));
        assertThat(List.of(
                        data.train().size(),
                        data.validation().size(),
                        data.test().size()))
                .containsExactly(30, 10, 6);
        assertThat(Datasets.input(data.test(), 5)).containsExactly(5 / 255f, 6 / 255f, 7 / 255f, 1f);
        assertThat(Datasets.target(data.test(), 5)).isEqualTo(2);
        assertThat(data.classCounts(data.test())).containsExactly(2, 2, 2);
    }

    @Test
    void cifar10IsReadFromTheFilesThatAreThere() throws IOException {
        String schema = "kind: cifar-10\nname: cifar\ndata: .\nvalidation: 0.25\nseed: 3\n";
        writeCifar("data_batch_1.bin", 10, 3073);
        writeCifar("data_batch_3.bin", 10, 3073);
        writeCifar("test_batch.bin", 7, 3073);
        SiteDataset data = DatasetReader.read(schema(schema));
        assertThat(data.inputShape()).isEqualTo(Shape.of(3, 32, 32));
        assertThat(List.of(
                        data.train().size(),
                        data.validation().size(),
                        data.test().size()))
                .containsExactly(15, 5, 7);
        assertThat(Datasets.target(data.test(), 6)).isEqualTo(6);
        float[] image = Datasets.input(data.test(), 6);
        assertThat(image[0]).as("red, first").isEqualTo(7 / 255f);
        assertThat(image[1024]).as("green, first").isEqualTo((7 + 1024) % 256 / 255f);
        assertThat(image[3071]).as("blue, last").isEqualTo((7 + 3071) % 256 / 255f);
        writeCifar("data_batch_3.bin", 8, 3072);
        assertThat(Datasets.problems(folder, () -> DatasetReader.read(schema(schema))))
                .containsExactly(
                        "data_batch_3.bin: its length must be a multiple of 3073 bytes, an image each. Provided"
                                + " value: 24576.");
        writeCifar("data_batch_3.bin", 11, 3073);
        assertThat(Datasets.problems(folder, () -> DatasetReader.read(schema(schema))))
                .containsExactly(
                        "data_batch_3.bin: a label must be 0 to 9. Provided value: 10 at image 10, counted from"
                                + " 0.");
        Files.delete(folder.resolve("test_batch.bin"));
        Files.delete(folder.resolve("data_batch_3.bin"));
        assertThat(Datasets.problems(folder, () -> DatasetReader.read(schema(schema))))
                .containsExactly("test_batch.bin: there is no such file.");
    }

    /** Image i has label i, and at place j of its pixels i + 1 + j, modulo 256. */
    private void writeCifar(String name, int images, int length) throws IOException {
        byte[] bytes = new byte[images * length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i / length + i % length);
        }
        Files.write(folder.resolve(name), bytes);
    }

    @Test
    void pixelsAreScaledByTheMeanAndDeviationGiven() throws IOException {
        writeIdx(4, 4);
        SiteDataset data = DatasetReader.read(schema(IDX + "scale: {mean: [0.5], deviation: [0.25]}\n"));
        assertThat(Datasets.input(data.test(), 0)[3]).isCloseTo(2f, within(1e-6f));
        assertThat(Datasets.input(data.test(), 0)[0]).isCloseTo(-2f, within(1e-6f));
    }

    @Test
    void simulatedSitesShareOutTheImagesAndTheTestsBetweenThem() throws IOException {
        writeIdx(40, 10);
        String partition = IDX + "partition: {sites: 4, kind: iid, seed: 9}\n";
        IdxSchema schema = (IdxSchema) DatasetReader.schema(schema(partition));
        List<SiteDataset> parts = schema.loadParts(folder);
        assertThat(parts).hasSize(4);
        assertThat(parts.stream()
                        .mapToInt(
                                each -> each.train().size() + each.validation().size())
                        .sum())
                .isEqualTo(40);
        assertThat(parts.stream().mapToInt(each -> each.test().size()).sum()).isEqualTo(10);
        SiteDataset third = DatasetReader.read(schema(partition.replace("seed: 9}", "seed: 9, index: 2}")));
        assertThat(inputs(third)).isEqualTo(inputs(parts.get(2)));
        assertThat(Datasets.problems(folder, () -> schema.load(folder)))
                .containsExactly(folder + ": a partition must say with its index which of its sites this one is.");
    }

    @Test
    void damagedIdxFilesAreNamedWithTheReason() throws IOException {
        writeIdx(4, 4);
        Path labels = folder.resolve("t10k-labels-idx1-ubyte");
        Files.delete(labels);
        assertThat(idxProblems())
                .containsExactly("t10k-labels-idx1-ubyte: there is no such file, nor one with '.gz' added.");
        Files.write(labels, new byte[] {0, 0, 8, 1, 0, 0, 0, 4, 1, 1});
        assertThat(idxProblems())
                .containsExactly("t10k-labels-idx1-ubyte: the file must hold the 4 bytes that its head says.");
        Files.write(labels, new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 1, 1});
        assertThat(idxProblems())
                .containsExactly(
                        "t10k-labels-idx1-ubyte: there must be one label for each image. Provided values: 2 labels, 4"
                                + " images.");
        Files.write(labels, new byte[] {0, 0, 8, 1, 0, 0, 0, 4, 1, 1, 3, 1});
        assertThat(idxProblems())
                .containsExactly(
                        "t10k-labels-idx1-ubyte: a label must be below the number of classes, 3. Provided value: 3.");
        Files.write(labels, new byte[] {1, 2});
        assertThat(idxProblems()).containsExactly("t10k-labels-idx1-ubyte: the file is cut short or damaged.");
        Files.write(labels, new byte[] {'P', 'K', 8, 1});
        assertThat(idxProblems())
                .containsExactly(
                        "t10k-labels-idx1-ubyte: this is not an IDX file of unsigned bytes with 1 dimensions. Its"
                                + " first four bytes: 504b0801.");
    }

    @Test
    void greyImagesReadFromAFolderOfEachClass() throws IOException {
        writePng("healthy/a.png", BufferedImage.TYPE_BYTE_GRAY, 3, 2, 0x333333);
        writePng("ill/b.png", BufferedImage.TYPE_BYTE_GRAY, 3, 2, 0xffffff);
        SiteDataset data = DatasetReader.read(schema(PNG));
        assertThat(data.classCounts(data.train())).containsExactly(1, 1);
        assertThat(Datasets.input(data.train(), 1)).containsExactly(1, 1, 1, 1, 1, 1);
    }

    @Test
    void colourImagesReadChannelByChannel() throws IOException {
        writePng("ill/a.png", BufferedImage.TYPE_INT_RGB, 1, 1, 0xff3300);
        SiteDataset data = DatasetReader.read(schema(PNG.replace("[1, 2, 3]", "[3, 1, 1]")));
        assertThat(Datasets.input(data.train(), 0)).containsExactly(1, 0.2f, 0);
        assertThat(data.warnings()).containsExactly("no training example is of class 'healthy'.");
    }

    @Test
    void imagesThatDoNotFitAreAllNamed() throws IOException {
        writePng("healthy/large.png", BufferedImage.TYPE_BYTE_GRAY, 30, 2, 0);
        writePng("ill/colour.png", BufferedImage.TYPE_INT_RGB, 3, 2, 0);
        Files.writeString(folder.resolve("scans/ill/text.png"), "no image");
        assertThat(Datasets.problems(folder, () -> DatasetReader.read(schema(PNG))))
                .containsExactly(
                        "scans: image 'large.png' must be 2 high and 3 wide. Provided value: 2 x 30.",
                        "scans: image 'colour.png' must be grey, 8 bits.",
                        "scans: image 'text.png' is not a readable PNG file.");
    }

    @Test
    void aFolderThatIsNoClassIsRefused() throws IOException {
        writePng("healthy/a.png", BufferedImage.TYPE_BYTE_GRAY, 3, 2, 0);
        Files.createDirectories(folder.resolve("scans/sick"));
        assertThat(Datasets.problems(folder, () -> DatasetReader.read(schema(PNG))))
                .containsExactly("scans sick: the folder is not named after a class: healthy, ill.");
    }

    private static List<List<Float>> inputs(SiteDataset data) {
        return IntStream.range(0, data.train().size())
                .mapToObj(i -> List.of(Datasets.input(data.train(), i)[0], Datasets.target(data.train(), i)))
                .toList();
    }

    private List<String> idxProblems() {
        return Datasets.problems(folder, () -> DatasetReader.read(schema(IDX)));
    }

    private Path schema(String text) throws IOException {
        return Files.writeString(folder.resolve("schema.yaml"), text);
    }

    private void writePng(String name, int type, int width, int height, int colour) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, 0xff000000 | colour);
        }
        Path file = folder.resolve("scans").resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
    }

    private void writeIdx(int train, int test) throws IOException {
        try (OutputStream out =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("train-images-idx3-ubyte.gz")))) {
            writeImages(out, train);
        }
        try (OutputStream out =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("train-labels-idx1-ubyte.gz")))) {
            writeLabels(out, train);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("t10k-images-idx3-ubyte"))) {
            writeImages(out, test);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("t10k-labels-idx1-ubyte"))) {
            writeLabels(out, test);
        }
    }

    private static void writeImages(OutputStream out, int count) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        for (int word : new int[] {0x803, count, 2, 2}) {
            data.writeInt(word);
        }
        for (int i = 0; i < count; i++) {
            data.write(new byte[] {(byte) i, (byte) (i + 1), (byte) (i + 2), (byte) 255});
        }
        data.flush();
    }

    private static void writeLabels(OutputStream out, int count) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(0x801);
        data.writeInt(count);
        for (int i = 0; i < count; i++) {
            data.write(i % 3);
        }
        data.flush();
    }
}
