package dev.tacita.dp.ledger;

import dev.tacita.dp.accounting.Event;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Events as text and back, exactly: {@code read(write(event))} equals the event, to the last bit of every number. The text has
 * no spaces: a kind and, in brackets, the components of its record in their order, such as {@code
 * poisson(0.01,gaussian(1.1))}; a list stands in square brackets.
 */
public final class EventText {
    private static final List<Kind<?>> KINDS = List.of(
            new Kind<>("nothing", Event.Nothing.class, event -> List.of(), in -> new Event.Nothing()),
            new Kind<>("non-private", Event.NonPrivate.class, event -> List.of(), in -> new Event.NonPrivate()),
            new Kind<>(
                    "gaussian",
                    Event.Gaussian.class,
                    event -> List.of(event.noiseMultiplier()),
                    in -> new Event.Gaussian(in.number())),
            new Kind<>(
                    "laplace",
                    Event.Laplace.class,
                    event -> List.of(event.noiseMultiplier()),
                    in -> new Event.Laplace(in.number())),
            new Kind<>(
                    "epsilon-delta",
                    Event.EpsilonDelta.class,
                    event -> List.of(event.epsilon(), event.delta()),
                    in -> new Event.EpsilonDelta(in.number(), in.number())),
            new Kind<>(
                    "zero-concentrated",
                    Event.ZeroConcentrated.class,
                    event -> List.of(event.rho()),
                    in -> new Event.ZeroConcentrated(in.number())),
            new Kind<>(
                    "discrete-laplace",
                    Event.DiscreteLaplace.class,
                    event -> List.of(event.epsilon(), event.sensitivity()),
                    in -> new Event.DiscreteLaplace(in.number(), in.whole())),
            new Kind<>(
                    "discrete-gaussian",
                    Event.DiscreteGaussian.class,
                    event -> List.of(event.sigma(), event.sensitivity()),
                    in -> new Event.DiscreteGaussian(in.number(), in.whole())),
            new Kind<>(
                    "randomised-response",
                    Event.RandomizedResponse.class,
                    event -> List.of(event.noise(), event.choices()),
                    in -> new Event.RandomizedResponse(in.number(), Math.toIntExact(in.whole()))),
            new Kind<>(
                    "exponential-choice",
                    Event.ExponentialChoice.class,
                    event -> List.of(event.epsilon()),
                    in -> new Event.ExponentialChoice(in.number())),
            new Kind<>(
                    "permute-and-flip-choice",
                    Event.PermuteAndFlipChoice.class,
                    event -> List.of(event.epsilon()),
                    in -> new Event.PermuteAndFlipChoice(in.number())),
            new Kind<>(
                    "mixture-of-gaussians",
                    Event.MixtureOfGaussians.class,
                    event -> List.of(event.sigma(), event.places(), event.probabilities()),
                    in -> new Event.MixtureOfGaussians(
                            in.number(), in.list().numbers(), in.list().numbers())),
            new Kind<>(
                    "truncated-sampled-gaussian",
                    Event.TruncatedSampledGaussian.class,
                    event -> List.of(event.population(), event.rate(), event.largest(), event.noiseMultiplier()),
                    in -> new Event.TruncatedSampledGaussian(in.whole(), in.number(), in.whole(), in.number())),
            new Kind<>(
                    "tree-aggregation",
                    Event.TreeAggregation.class,
                    event -> List.of(event.noiseMultiplier(), event.steps()),
                    in -> new Event.TreeAggregation(in.number(), in.list().wholes())),
            new Kind<>(
                    "matrix-factorisation",
                    Event.MatrixFactorization.class,
                    event -> List.of(event.noiseMultiplier(), event.sensitivity()),
                    in -> new Event.MatrixFactorization(in.number(), in.number())),
            new Kind<>(
                    "repeat-and-select",
                    Event.RepeatAndSelect.class,
                    event -> List.of(event.event(), event.mean(), event.shape()),
                    in -> new Event.RepeatAndSelect(in.event(), in.number(), in.number())),
            new Kind<>(
                    "poisson",
                    Event.PoissonSampled.class,
                    event -> List.of(event.rate(), event.event()),
                    in -> new Event.PoissonSampled(in.number(), in.event())),
            new Kind<>(
                    "without-replacement",
                    Event.SampledWithoutReplacement.class,
                    event -> List.of(event.population(), event.sample(), event.event()),
                    in -> new Event.SampledWithoutReplacement(in.whole(), in.whole(), in.event())),
            new Kind<>(
                    "composed",
                    Event.Composed.class,
                    event -> List.of(event.events()),
                    in -> new Event.Composed(in.list().events())),
            new Kind<>(
                    "repeated",
                    Event.SelfComposed.class,
                    event -> List.of(event.event(), event.times()),
                    in -> new Event.SelfComposed(in.event(), in.whole())));

    private static final Map<String, Kind<?>> BY_NAME =
            KINDS.stream().collect(Collectors.toUnmodifiableMap(Kind::name, kind -> kind));
    private static final Map<Class<?>, Kind<?>> BY_TYPE =
            KINDS.stream().collect(Collectors.toUnmodifiableMap(Kind::type, kind -> kind));

    private EventText() {}

    /** One kind of event: its name, the components of its record, and the record made of them again. */
    private record Kind<E extends Event>(
            String name, Class<E> type, Function<E, List<Object>> components, Function<EventComponents, E> reader) {
        String write(Event event) {
            List<Object> values = components.apply(type.cast(event));
            return values.isEmpty() ? name : name + "(" + join(values) + ")";
        }
    }

    /** The text of an event. */
    public static String write(Event event) {
        Kind<?> kind = BY_TYPE.get(event.getClass());
        if (kind == null) {
            throw new IllegalStateException("The ledger has no text for the event " + event + ".");
        }
        return kind.write(event);
    }

    /**
     * The event of a text.
     *
     * @throws IllegalArgumentException if it is not the text of an event that this version knows
     */
    public static Event read(String text) {
        return new EventParser(text).whole();
    }

    static Event make(String name, EventComponents components) {
        Kind<?> kind = BY_NAME.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("the event '" + name + "' is not one that this version knows");
        }
        Event event = kind.reader().apply(components);
        components.end();
        return event;
    }

    private static String join(List<?> values) {
        return values.stream()
                .map(value -> {
                    if (value instanceof Event event) {
                        return write(event);
                    }
                    return value instanceof List<?> list ? "[" + join(list) + "]" : value.toString();
                })
                .collect(Collectors.joining(","));
    }
}
