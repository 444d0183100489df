package dev.tacita.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

/** Zips as DL4J writes them, and zips that are damaged or made to do harm. */
class HostileZipTest {
    @BeforeAll
    static void needsNd4j() {
        Nd4jLibrary.assumed();
    }

    @Test
    void zipsReadAsTheNetworksDo(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("lenet.zip");
        Files.write(file, zip(Networks.lenet()));
        Dl4jModel lenet = Dl4jZip.standard().read(file);
        assertThat(lenet.model()).isEqualTo(Dl4jModels.read(Networks.lenet()).model());
        assertThat(lenet.parameters())
                .containsExactly(Dl4jModels.read(Networks.lenet()).parameters());
        Dl4jModel graph = Dl4jZip.standard().read(zip(Networks.residual(false)), Networks.residualInput());
        Dl4jModel expected = Dl4jModels.read(Networks.residual(false), Networks.residualInput());
        assertThat(graph.model()).isEqualTo(expected.model());
        assertThat(graph.parameters()).containsExactly(expected.parameters());
    }

    @Test
    void aDamagedZipIsReadOrRefused() throws IOException {
        byte[][] whole = {zip(Networks.perceptron()), zip(Networks.residual(true))};
        int refused = 0;
        int mutations = 400;
        for (long seed = 0; seed < mutations; seed++) {
            var random = new SplittableRandom(seed);
            byte[] first = whole[(int) (seed % 2)];
            byte[] damaged = seed % 4 < 2 ? damage(first, random) : damageInside(first, random);
            try {
                Dl4jZip.standard().read(damaged, seed % 2 == 0 ? Shape.of(5) : Networks.residualInput());
            } catch (ProblemsException | IOException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                fail("seed " + seed + " gave " + e, e);
            }
        }
        assertThat(refused).as("zips of %s that were refused", mutations).isBetween(100, mutations - 1);
    }

    @Test
    void aZipThatEndsTooEarlyIsRefusedUnlessAllThatMattersIsThere() throws IOException {
        byte[] whole = zip(Networks.perceptron());
        float[] parameters = Dl4jZip.standard().read(whole).parameters();
        int refused = 0;
        int beginnings = 0;
        for (int length = 0; length < whole.length; length += 13) {
            beginnings++;
            try {
                assertThat(Dl4jZip.standard().read(Arrays.copyOf(whole, length)).parameters())
                        .as("the first %s bytes", length)
                        .containsExactly(parameters);
            } catch (IOException | ProblemsException e) {
                refused++;
            }
        }
        assertThat(refused).as("of %s beginnings", beginnings).isGreaterThan(beginnings / 2);
    }

    @Test
    void aBombIsRefusedBeforeItIsUnpacked() throws IOException {
        Map<String, byte[]> entries = entries(zip(Networks.perceptron()));
        entries.put(Entries.CONFIGURATION, new byte[20 << 20]);
        refused(entries, "must unpack to at most 4194304 bytes");
        Map<String, byte[]> large = entries(zip(Networks.perceptron()));
        large.put(Entries.COEFFICIENTS, new byte[20 << 20]);
        assertThatThrownBy(() -> new Dl4jZip(new Dl4jLimits(1 << 20, 1 << 20, 1 << 20)).read(zip(large)))
                .hasMessageContaining("must unpack to at most 8389632 bytes");
        assertThatThrownBy(() -> new Dl4jZip(new Dl4jLimits(1 << 20, 1 << 20, 110)).read(zip(Networks.perceptron())))
                .hasMessageContaining("at most 110 parameters. Provided value: 111");
        assertThatThrownBy(() -> new Dl4jZip(new Dl4jLimits(100, 1 << 20, 1 << 20)).read(zip(Networks.perceptron())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 100 bytes");
    }

    @Test
    void serialisedObjectsAreNeverRead() throws IOException {
        Map<String, byte[]> entries = entries(zip(Networks.perceptron()));
        entries.put("preprocessor.bin", new byte[] {1, 2, 3});
        entries.put("../../evil", new byte[] {1});
        refused(entries, "entry 'preprocessor.bin': it is none of");
        refused(entries, "entry '../../evil': it is none of");
    }

    @Test
    void aNetworkWithItsNormalizerIsRefusedByName(@TempDir Path folder) throws IOException {
        var normalizer = new NormalizerStandardize();
        normalizer.fit(new org.nd4j.linalg.dataset.DataSet(Nd4j.ones(3, 5), Nd4j.ones(3, 3)));
        Path file = folder.resolve("with-normalizer.zip");
        ModelSerializer.writeModel(Networks.perceptron(), file.toFile(), true);
        ModelSerializer.addNormalizerToModel(file.toFile(), normalizer);
        assertThatThrownBy(() -> Dl4jZip.standard().read(file))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("entry 'normalizer.bin'");
    }

    @Test
    void aConfigurationThatNamesOtherClassesOrIsTooDeepIsRefused() throws IOException {
        Map<String, byte[]> entries = entries(zip(Networks.perceptron()));
        String json = text(entries);
        entries.put(
                Entries.CONFIGURATION,
                bytes(json.replace("org.nd4j.linalg.activations.impl.ActivationTanH", "javax.swing.JEditorPane")));
        refused(entries, "Provided value: javax.swing.JEditorPane");
        entries.put(Entries.CONFIGURATION, bytes("[".repeat(100_000)));
        refused(entries, "at most 64 levels deep");
    }

    @Test
    void parametersThatAreNotFiniteOrTooFewAreRefused() throws IOException {
        Map<String, byte[]> entries = entries(zip(Networks.perceptron()));
        byte[] numbers =
                Objects.requireNonNull(entries.get(Entries.COEFFICIENTS)).clone();
        Arrays.fill(numbers, numbers.length - 4, numbers.length, (byte) 0xff);
        entries.put(Entries.COEFFICIENTS, numbers);
        refused(entries, "each parameter must be a finite float. Provided value: NaN at index 110");
        entries.put(Entries.CONFIGURATION, bytes(text(entries).replaceAll("\"nout\" : 7", "\"nout\" : 2000000000")));
        refused(entries, "layer 'layer0' (DenseLayer)");
    }

    private static void refused(Map<String, byte[]> entries, String why) {
        assertThatThrownBy(() -> Dl4jZip.standard().read(zip(entries)))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(why);
    }

    private static byte[] damage(byte[] whole, SplittableRandom random) {
        byte[] damaged = whole.clone();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged;
    }

    /** So that the zip itself is in order. */
    private static byte[] damageInside(byte[] whole, SplittableRandom random) throws IOException {
        Map<String, byte[]> entries = entries(whole);
        String name = random.nextBoolean() ? Entries.CONFIGURATION : Entries.COEFFICIENTS;
        byte[] bytes = Objects.requireNonNull(entries.get(name));
        int at = random.nextInt(name.equals(Entries.CONFIGURATION) ? bytes.length : 100);
        switch (random.nextInt(3)) {
            case 0 -> bytes[at] = (byte) random.nextInt(256);
            case 1 -> bytes[at] = (byte) (bytes[at] ^ 1 << random.nextInt(8));
            default -> bytes[at] = (byte) "0123456789\"{}[],:-".charAt(random.nextInt(18));
        }
        return zip(entries);
    }

    private static byte[] zip(Model network) throws IOException {
        var stream = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, stream, true);
        return stream.toByteArray();
    }

    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (var stream = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = stream.getNextEntry(); entry != null; entry = stream.getNextEntry()) {
                entries.put(entry.getName(), stream.readAllBytes());
            }
        }
        return entries;
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var stream = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                stream.putNextEntry(new ZipEntry(entry.getKey()));
                stream.write(entry.getValue());
                stream.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static String text(Map<String, byte[]> entries) {
        return new String(Objects.requireNonNull(entries.get(Entries.CONFIGURATION)), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
