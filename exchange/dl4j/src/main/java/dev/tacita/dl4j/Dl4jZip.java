package dev.tacita.dl4j;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/**
 * Reads the zips that DL4J's {@code ModelSerializer} writes, whoever wrote them. Only the configuration and the
 * parameters are read, and by no Java serialisation; the configuration may name classes of DL4J's and ND4J's own
 * configuration only. No network is built.
 *
 * @param limits of what a file may be
 */
public record Dl4jZip(Dl4jLimits limits) {
    public Dl4jZip {
        requireNonNull(limits, "limits is null");
    }

    /** A reader with {@link Dl4jLimits#standard}. */
    public static Dl4jZip standard() {
        return new Dl4jZip(Dl4jLimits.standard());
    }

    /**
     * Reads a file.
     *
     * @param inputs as for {@link Dl4jModels#read}
     * @throws IOException if the file cannot be read, is larger than the limit, or is no such zip at all
     * @throws ProblemsException with everything in it that is wrong or not supported
     */
    public Dl4jModel read(Path file, Shape... inputs) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(limits.bytes());
            if (stream.read() >= 0) {
                throw new IOException(file + " has more than " + limits.bytes() + " bytes");
            }
            return read(bytes, file.toString(), inputs);
        }
    }

    /**
     * Reads the bytes of a file.
     *
     * @param inputs as for {@link Dl4jModels#read}
     * @throws IOException if there are more of them than the limit, or they are no such zip at all
     * @throws ProblemsException with everything in it that is wrong or not supported
     */
    public Dl4jModel read(byte[] bytes, Shape... inputs) throws IOException {
        if (bytes.length > limits.bytes()) {
            throw new IOException("the DL4J zip has more than " + limits.bytes() + " bytes");
        }
        return read(bytes, "the DL4J zip", inputs);
    }

    private Dl4jModel read(byte[] bytes, String subject, Shape... inputs) throws IOException {
        Entries entries = Entries.read(bytes, subject, limits);
        Configuration configuration = Configuration.check(entries.configuration(), subject);
        Dl4jMapping mapping = mapping(configuration, subject, List.of(inputs));
        if (mapping.dl4jSize() > limits.parameters()) {
            throw new ProblemsException(
                    subject,
                    List.of(Problem.of(
                            Entries.CONFIGURATION,
                            "the network must have at most " + limits.parameters() + " parameters. Provided value: "
                                    + mapping.dl4jSize() + ".")));
        }
        float[] parameters = Coefficients.read(entries.coefficients(), subject, mapping.dl4jSize());
        return new Dl4jModel(mapping, mapping.toModel(parameters));
    }

    /** DL4J's own reader throws many kinds of exceptions at what it does not expect. */
    private static Dl4jMapping mapping(Configuration configuration, String subject, List<Shape> inputs) {
        try {
            return configuration.isGraph()
                    ? NetworkReader.read(ComputationGraphConfiguration.fromJson(configuration.json()), subject, inputs)
                    : NetworkReader.read(MultiLayerConfiguration.fromJson(configuration.json()), subject, inputs);
        } catch (ProblemsException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ProblemsException(
                    subject,
                    List.of(Problem.of(
                            Entries.CONFIGURATION,
                            "DL4J cannot read it: " + Printable.of(String.valueOf(e.getMessage())) + ".")));
        }
    }
}
