package dev.tacita.dp.accounting;

import dev.tacita.core.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The mechanisms of a tree of events, each with how often it ran: composition neither has an order nor brackets. */
final class Leaves {
    private final Map<Event, Leaf> leaves = new LinkedHashMap<>();

    private Leaves(Event event) {
        walk(event, 1, "event");
    }

    /** A mechanism, how often it ran in all, and where it was first met. */
    record Leaf(Event event, long times, String place) {
        private Leaf more(long added) {
            return new Leaf(event, Math.addExact(times, added), place);
        }
    }

    static List<Leaf> of(Event event) {
        return List.copyOf(new Leaves(event).leaves.values());
    }

    /** Gives every leaf to the reader, which answers why it cannot take it, or an empty text. */
    static void forEach(Event event, Accountant accountant, BiFunction<Event, Long, String> reader) {
        List<Problem> problems = new ArrayList<>();
        for (Leaf leaf : of(event)) {
            String wrongRelation = Relations.refusal(leaf.event, accountant.relation());
            String refusal = wrongRelation.isEmpty() ? reader.apply(leaf.event, leaf.times) : wrongRelation;
            if (!refusal.isEmpty()) {
                problems.add(Problem.of(leaf.place, refusal));
            }
        }
        if (!problems.isEmpty()) {
            throw new UnsupportedEventException(accountant.name(), accountant.relation(), problems);
        }
    }

    private void walk(Event event, long times, String place) {
        if (times == 0 || revealsNothing(event)) {
            return;
        }
        if (event instanceof Event.Composed composed) {
            for (int i = 0; i < composed.events().size(); i++) {
                walk(composed.events().get(i), times, place + ".events[" + i + "]");
            }
        } else if (event instanceof Event.SelfComposed repeated) {
            walk(repeated.event(), Math.multiplyExact(times, repeated.times()), place + ".event");
        } else if (event instanceof Event.PoissonSampled sampled && sampled.rate() == 1) {
            walk(sampled.event(), times, place + ".event");
        } else if (event instanceof Event.SampledWithoutReplacement sampled && sampled.rate() == 1) {
            walk(sampled.event(), times, place + ".event");
        } else {
            leaves.merge(event, new Leaf(event, times, place), (known, added) -> known.more(added.times));
        }
    }

    private static boolean revealsNothing(Event event) {
        return event instanceof Event.Nothing
                || (event instanceof Event.PoissonSampled poisson && poisson.rate() == 0)
                || (event instanceof Event.SampledWithoutReplacement fixed && fixed.sample() == 0)
                || (event instanceof Event.TruncatedSampledGaussian cut && (cut.rate() == 0 || cut.largest() == 0))
                || (event instanceof Event.RandomizedResponse response
                        && (response.noise() == 1 || response.choices() == 1))
                || (event instanceof Event.MixtureOfGaussians mixture && mixture.furthest() == 0);
    }
}
