package dev.tacita.config;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.ProblemsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads a YAML file into a record. All problems of the file are reported at once, each as
 * {@code file:line:column key: rule and value}: bad YAML, keys that nobody asked for, missing and ill-typed values, and what
 * the constructors of records refuse. Text may come from a stranger: its size, depth and number of values are
 * bounded, and nothing but {@link ProblemsException} escapes.
 */
public final class YamlFile {
    /** The largest file, in characters: 256 Ki. */
    public static final int MAX_CHARACTERS = 256 * 1024;

    private final ProblemLog log;
    private final Optional<Path> folder;
    private final List<Section> sections = new ArrayList<>();
    private Optional<Grid.Axes> axes = Optional.empty();

    private YamlFile(String name, Optional<Path> folder) {
        this.log = new ProblemLog(name);
        this.folder = folder;
    }

    /**
     * Reads a file; paths in it are relative to its folder.
     *
     * @throws ProblemsException with every problem, sorted by place
     */
    public static <T> T read(Path path, Function<Section, Value<T>> reader) {
        Path folder = path.toAbsolutePath().normalize().getParent();
        YamlFile file = new YamlFile(path.toString(), Optional.ofNullable(folder));
        return file.parse(file.load(path), reader);
    }

    /**
     * Reads text that is in no file, so that it cannot name other files.
     *
     * @param name what problems call the text
     * @throws ProblemsException with every problem, sorted by place
     */
    public static <T> T read(String name, String text, Function<Section, Value<T>> reader) {
        return new YamlFile(name, Optional.empty()).parse(text, reader);
    }

    private <T> T parse(String text, Function<Section, Value<T>> reader) {
        requireNonNull(reader, "reader is null");
        if (text.length() > MAX_CHARACTERS) {
            throw oversize();
        }
        Value<T> result = TreeReader.read(text, log)
                .map(tree -> Kinds.section(reader).read(new Element(this, tree, "")))
                .orElse(Value.unreadable());
        sections.forEach(Section::reportUnknownKeys);
        if (!log.isEmpty()) {
            throw log.exception();
        }
        return result.get();
    }

    private String load(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(4 * MAX_CHARACTERS + 1);
            if (bytes.length > 4 * MAX_CHARACTERS) {
                throw oversize();
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException e) {
            log.add("there is no such file.", "");
        } catch (CharacterCodingException e) {
            log.add("the file must be UTF-8 text.", "");
        } catch (IOException e) {
            log.add(Files.isDirectory(path) ? "this is a folder, not a file." : "the file cannot be read.", "");
        }
        throw log.exception();
    }

    private ProblemsException oversize() {
        log.add("a file must have at most " + MAX_CHARACTERS + " characters.", "");
        return log.exception();
    }

    ProblemLog log() {
        return log;
    }

    Optional<Path> folder() {
        return folder;
    }

    void register(Section section) {
        if (axes.isEmpty()) {
            sections.add(section);
        }
    }

    /** The lists that are looked for, if they are. */
    Optional<Grid.Axes> axes() {
        return axes;
    }

    /** Reads to find lists, and notes no problem. */
    void probe(Grid.Axes wanted, Runnable reading) {
        Optional<Grid.Axes> before = axes;
        axes = Optional.of(wanted);
        log.silence(true);
        try {
            reading.run();
        } finally {
            axes = before;
            log.silence(before.isPresent());
        }
    }
}
