package dev.tacita.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Keys with values. What was never asked for is reported as an unknown key at the end. */
public final class Section {
    private final Element element;
    private final Tree.Mapping mapping;
    private final Set<String> asked = new LinkedHashSet<>();

    Section(Element element, Tree.Mapping mapping) {
        this.element = element;
        this.mapping = mapping;
        element.file().register(this);
    }

    /** The value of a key that must be there. */
    public <T> Value<T> required(String key, Kind<T> kind) {
        return find(key).map(e -> value(e, kind)).orElseGet(() -> {
            Tree here = new Tree.Refused(mapping.position());
            return element.child(here, key).problem("a value is required; there is no default.");
        });
    }

    /** The value of a key, or the default. */
    public <T> Value<T> optional(String key, Kind<T> kind, T otherwise) {
        return find(key).map(e -> value(e, kind)).orElseGet(() -> Value.of(otherwise));
    }

    /** The value of a key, if the key is there. */
    public <T> Value<Optional<T>> optional(String key, Kind<T> kind) {
        return optional(key, kind.map(Optional::of), Optional.empty());
    }

    /** Whether the key is there; asking makes it a known key. */
    public boolean has(String key) {
        return find(key).isPresent();
    }

    /** What the supplier makes of this section's values; see {@link Element#create}. */
    public <T> Value<T> create(Supplier<? extends T> supplier) {
        return element.create(supplier);
    }

    /** Notes a problem of the section as a whole. */
    public <T> Value<T> problem(String why) {
        return element.problem(why);
    }

    /** Leaves keys that were not asked for unreported: where a problem hides what they would mean. */
    public void ignoreUnknownKeys() {
        mapping.entries().forEach(entry -> asked.add(entry.key()));
    }

    /** The section's own place in the file. */
    public Element element() {
        return element;
    }

    void reportUnknownKeys() {
        for (Tree.Entry entry : mapping.entries()) {
            if (!asked.contains(entry.key())) {
                Tree here = new Tree.Refused(entry.position());
                element.child(here, entry.key()).problem("unknown key.", Suggestion.of(entry.key(), asked));
            }
        }
    }

    private static <T> Value<T> value(Element found, Kind<T> kind) {
        if (found.tree() instanceof Tree.Scalar scalar && scalar.isNull()) {
            return found.problem("this key has no value.");
        }
        return kind.read(found);
    }

    private Optional<Element> find(String key) {
        asked.add(key);
        List<Tree.Entry> entries = mapping.entries();
        return entries.stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst()
                .map(entry -> element.child(entry.value(), key));
    }
}
