package dev.tacita.config;

import dev.tacita.config.Tree.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * YAML text as a {@link Tree}. Made for hostile text: its depth and its number of nodes are bounded, and anchors,
 * aliases and tags are refused, so that the tree is never larger than the text.
 */
final class TreeReader {
    static final int MAX_DEPTH = 32;
    static final int MAX_NODES = 20_000;

    private final ProblemLog log;
    private final Iterator<Event> events;
    private int nodes;

    private TreeReader(ProblemLog log, Iterator<Event> events) {
        this.log = log;
        this.events = events;
    }

    /** The tree; empty if the text is no tree, with the reason in the log. */
    static Optional<Tree> read(String text, ProblemLog log) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(YamlFile.MAX_CHARACTERS)
                .build();
        try {
            return new TreeReader(log, new Parse(settings).parseString(text).iterator()).document();
        } catch (LimitException e) {
            log.add(e.position, "", e.rule, "");
        } catch (MarkedYamlEngineException e) {
            log.add(
                    position(e.getProblemMark()),
                    "",
                    "this is not YAML: " + Printable.of(withoutAdvice(e.getProblem())) + ".",
                    "");
        } catch (RuntimeException e) {
            // The engine's exceptions for broken characters carry no mark, and its scanner lets a few others escape.
            log.add("this is not YAML: " + Printable.of(String.valueOf(e.getMessage())) + ".", "");
        }
        return Optional.empty();
    }

    private Optional<Tree> document() {
        Optional<Tree> root = Optional.empty();
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof NodeEvent node) {
                if (root.isPresent()) {
                    log.add(position(event.getStartMark()), "", "a file must hold one YAML document.", "");
                    return Optional.empty();
                }
                root = Optional.of(tree(node, 1));
            }
        }
        if (root.isEmpty()) {
            log.add("the file is empty.", "");
        }
        return root;
    }

    private Tree tree(NodeEvent event, int depth) {
        Position position = position(event.getStartMark());
        if (++nodes > MAX_NODES) {
            throw new LimitException(position, "a file must have at most " + MAX_NODES + " values.");
        }
        if (depth > MAX_DEPTH) {
            throw new LimitException(position, "sections must be nested at most " + MAX_DEPTH + " deep.");
        }
        boolean refused = refused(event, position);
        if (event instanceof ScalarEvent scalar) {
            return refused
                    ? new Tree.Refused(position)
                    : new Tree.Scalar(position, scalar.getValue(), scalar.isPlain());
        }
        if (event instanceof AliasEvent) {
            return new Tree.Refused(position);
        }
        Tree collection = event.getEventId() == Event.ID.SequenceStart
                ? new Tree.Sequence(position, items(depth))
                : new Tree.Mapping(position, entries(depth));
        return refused ? new Tree.Refused(position) : collection;
    }

    private boolean refused(NodeEvent event, Position position) {
        if (event.getAnchor().isPresent()) {
            log.add(position, "", "anchors and aliases (& and *) are not allowed.", "Write the value out.");
            return true;
        }
        Optional<String> tag = event instanceof ScalarEvent scalar
                ? scalar.getTag()
                : event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
        tag.ifPresent(name ->
                log.add(position, "", "tags are not allowed. Provided value: '" + Printable.of(name) + "'.", ""));
        return tag.isPresent();
    }

    private List<Tree> items(int depth) {
        List<Tree> items = new ArrayList<>();
        Event event = events.next();
        while (event.getEventId() != Event.ID.SequenceEnd) {
            items.add(tree((NodeEvent) event, depth + 1));
            event = events.next();
        }
        return List.copyOf(items);
    }

    private List<Tree.Entry> entries(int depth) {
        Map<String, Position> keys = new HashMap<>();
        List<Tree.Entry> entries = new ArrayList<>();
        Event event = events.next();
        while (event.getEventId() != Event.ID.MappingEnd) {
            Tree key = tree((NodeEvent) event, depth + 1);
            Tree value = tree((NodeEvent) events.next(), depth + 1);
            if (key instanceof Tree.Scalar scalar) {
                Position first = keys.putIfAbsent(scalar.text(), key.position());
                if (first == null) {
                    entries.add(new Tree.Entry(key.position(), scalar.text(), value));
                } else {
                    log.add(
                            key.position(),
                            Printable.of(scalar.text()),
                            "this key is given twice.",
                            "The first is in line " + first.line() + ".");
                }
            } else if (!(key instanceof Tree.Refused)) {
                log.add(key.position(), "", "a key must be text. Provided value: " + key.described() + ".", "");
            }
            event = events.next();
        }
        return List.copyOf(entries);
    }

    private static String withoutAdvice(String problem) {
        int advice = problem.indexOf(" (");
        return advice < 0 ? problem : problem.substring(0, advice);
    }

    private static Position position(Optional<Mark> mark) {
        return mark.map(m -> new Position(m.getLine() + 1, m.getColumn() + 1)).orElse(new Position(1, 1));
    }

    /** Thrown if and only if a file is too deep or too large to be read on. */
    private static final class LimitException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Position position;
        private final String rule;

        LimitException(Position position, String rule) {
            super(rule);
            this.position = position;
            this.rule = rule;
        }
    }
}
