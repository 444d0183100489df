package dev.tacita.keys;

import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.map;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.text;

import dev.tacita.config.Kind;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import dev.tacita.config.YamlFile;
import dev.tacita.config.YamlText;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregatorPublicKey;
import dev.tacita.secureagg.IdentityKey;
import dev.tacita.secureagg.PublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Trusted keys as a YAML file that people review: a fingerprint beside each key, which must be that of the key. It is replaced
 * as a whole, by one process at a time; only its owner may write it.
 */
public final class TrustedKeysFile {
    private static final int VERSION = 1;
    private static final String HEAD = """
            # The keys that are trusted here. Review every line: a fingerprint was compared with the people whose key it is.
            # 'tacita keys trust' writes this file anew; other comments are lost, notes stay.
            """;

    private TrustedKeysFile() {}

    /**
     * Reads the file.
     *
     * @throws ProblemsException with every problem
     */
    public static TrustedKeys read(Path file) {
        if (Files.exists(file)) {
            try {
                FileOwner.requireOnlyOwnerWrites(file);
            } catch (IOException e) {
                throw KeyProblems.of(file, e);
            }
        }
        return YamlFile.read(file, TrustedKeysFile::keys);
    }

    /**
     * Changes the file, or begins it if there is none; nothing changes if {@code change} throws.
     *
     * @throws ProblemsException if it cannot be read or written, or another process is changing it
     */
    public static TrustedKeys change(Path file, UnaryOperator<TrustedKeys> change) {
        try {
            Path target = Files.exists(file) ? file.toRealPath() : file;
            Path next = target.resolveSibling(target.getFileName() + ".new");
            boolean begun = Files.exists(target);
            FileOwner.create(next, begun ? FileOwner.permissions(target) : FileOwner.OTHERS_READ, new byte[0]);
            try {
                TrustedKeys changed = change.apply(begun ? read(target) : TrustedKeys.none());
                FileOwner.fill(next, write(changed).getBytes(StandardCharsets.UTF_8));
                Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
                return changed;
            } finally {
                Files.deleteIfExists(next);
            }
        } catch (FileAlreadyExistsException e) {
            throw KeyProblems.of(
                    file,
                    "another process is changing this file, or was stopped while it did.",
                    "If none is, remove '" + e.getFile() + "'.");
        } catch (IOException e) {
            throw KeyProblems.of(file, e);
        }
    }

    static String write(TrustedKeys keys) {
        StringBuilder out = new StringBuilder(HEAD);
        out.append("version: ").append(VERSION).append('\n');
        keys.aggregator().ifPresent(trusted -> {
            out.append("aggregator:\n");
            write(trusted, "  ", out);
        });
        out.append(keys.sites().isEmpty() ? "sites: {}\n" : "sites:\n");
        keys.sites().forEach((site, trusted) -> {
            out.append("  ").append(YamlText.quoted(site.value())).append(":\n");
            write(trusted, "    ", out);
        });
        return out.toString();
    }

    private static void write(TrustedKey<?> trusted, String indent, StringBuilder out) {
        out.append(indent).append("key: ").append(trusted.key().text()).append('\n');
        out.append(indent)
                .append("fingerprint: ")
                .append(YamlText.quoted(trusted.key().fingerprint()))
                .append('\n');
        if (!trusted.note().isEmpty()) {
            out.append(indent)
                    .append("note: ")
                    .append(YamlText.quoted(trusted.note()))
                    .append('\n');
        }
    }

    private static Value<TrustedKeys> keys(Section root) {
        Value<Integer> version = root.required("version", integer(VERSION, VERSION));
        Value<Optional<TrustedKey<AggregatorPublicKey>>> aggregator =
                root.optional("aggregator", trusted(AggregatorPublicKey::parse));
        Value<Map<SiteId, TrustedKey<IdentityKey>>> sites =
                root.required("sites", map(SiteId::new, trusted(IdentityKey::parse)));
        return root.create(() -> {
            version.get();
            return TrustedKeys.of(aggregator.get(), sites.get());
        });
    }

    private static <K extends PublicKey> Kind<TrustedKey<K>> trusted(Function<String, K> parser) {
        return section(section -> {
            Value<K> key = section.required("key", text().map(parser));
            Value<String> fingerprint = section.required("fingerprint", element -> {
                Value<String> given = text().read(element);
                return !key.isReadable()
                                || !given.isReadable()
                                || given.get().equals(key.get().fingerprint())
                        ? given
                        : element.problem("must be that of the key, "
                                + key.get().fingerprint() + ". Provided value: '" + given.get() + "'.");
            });
            Value<String> note = section.optional("note", text(), "");
            return section.create(() -> {
                fingerprint.get();
                return new TrustedKey<>(key.get(), note.get());
            });
        });
    }
}
