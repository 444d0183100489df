package dev.tacita.config;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.util.Optional;
import java.util.function.Supplier;

/** One value of a file, at its place. */
public final class Element {
    private final YamlFile file;
    private final Tree tree;
    private final String path;

    Element(YamlFile file, Tree tree, String path) {
        this.file = file;
        this.tree = tree;
        this.path = path;
    }

    /** File, line, column and key, such as {@code plan.yaml:12:3 algorithm.fedavg}. */
    public String place() {
        return file.log().place(tree.position(), path);
    }

    /** Whether it is a list. */
    public boolean isList() {
        return tree instanceof Tree.Sequence;
    }

    /** Whether it is a section: keys with values. */
    public boolean isSection() {
        return tree instanceof Tree.Mapping;
    }

    /** Whether it is exactly this text. */
    public boolean isWord(String word) {
        return tree instanceof Tree.Scalar scalar && scalar.text().equals(word);
    }

    /** Notes a problem here; {@code why} is the rule and the value that breaks it, in one sentence. */
    public <T> Value<T> problem(String why) {
        return problem(why, "");
    }

    /** Notes a problem here, with one sentence that says how to mend it. */
    public <T> Value<T> problem(String why, String fix) {
        file.log().add(tree.position(), path, why, fix);
        return Value.unreadable();
    }

    /**
     * What the supplier makes of values that were read. What it refuses by an {@link IllegalArgumentException} or a
     * {@link ProblemsException} becomes a problem here.
     */
    public <T> Value<T> create(Supplier<? extends T> supplier) {
        try {
            return Value.of(supplier.get());
        } catch (Value.UnreadableException e) {
            return Value.unreadable();
        } catch (IllegalArgumentException e) {
            return problem(sentence(String.valueOf(e.getMessage())));
        } catch (ProblemsException e) {
            for (Problem problem : e.problems()) {
                String where = problem.place().isEmpty() ? "" : problem.place() + ": ";
                problem(where + problem.why(), problem.fix());
            }
            return Value.unreadable();
        }
    }

    /** "must be (rule). Provided value: ...", or nothing more if the problem is already noted. */
    <T> Value<T> mustBe(String rule) {
        return mustBe(rule, "");
    }

    <T> Value<T> mustBe(String rule, String fix) {
        if (tree instanceof Tree.Refused) {
            return Value.unreadable();
        }
        return problem("must be " + rule + ". Provided value: " + tree.described() + ".", fix);
    }

    Tree tree() {
        return tree;
    }

    /** The same place with another value. */
    Element with(Tree other) {
        return new Element(file, other, path);
    }

    /** If numbers may be lists here and this is one: the first of them, to be read in its place. */
    Optional<Element> firstOfList() {
        if (file.axes().isEmpty()
                || path.endsWith("]")
                || !(tree instanceof Tree.Sequence list)
                || list.items().isEmpty()
                || !list.items().stream().allMatch(Tree.Scalar.class::isInstance)) {
            return Optional.empty();
        }
        file.axes().get().add(new Grid.Axis(list, this, path));
        return Optional.of(with(list.items().get(0)));
    }

    YamlFile file() {
        return file;
    }

    Element child(Tree child, String key) {
        return new Element(file, child, path.isEmpty() ? Printable.of(key) : path + "." + Printable.of(key));
    }

    Element item(Tree child, int index) {
        return new Element(file, child, path + "[" + (index + 1) + "]");
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
