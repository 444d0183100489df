package dev.tacita.config;

import static dev.tacita.config.Kinds.constant;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.PrivacyTarget;
import dev.tacita.core.learning.PrivacyTarget.Accounting;
import dev.tacita.core.learning.PrivacyTarget.Noise;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads and writes whose data a run's noise hides. */
final class PrivacyReader {
    static final Map<String, Function<Section, Value<PrivacySpec>>> PRIVACY = new LinkedHashMap<>();

    private static final Map<String, Function<Section, Value<Clipping>>> CLIPPINGS = new LinkedHashMap<>();

    private static final Kind<Double> NORM = number(
            "> 0", value -> value > 0, "1 is usual; the noise grows with it, and what is longer is scaled down.");
    private static final Kind<Double> STABILITY = number(">= 1e-12", value -> value >= 1e-12, "The paper uses 0.01.");
    private static final Kind<Double> QUANTILE =
            number(">= 0 and <= 1", value -> value >= 0 && value <= 1, "The paper uses 0.5, the median.");
    private static final Kind<Double> NORM_RATE = number("> 0", value -> value > 0, "The paper uses 0.2.");
    private static final Kind<Double> COUNT_DEVIATION =
            number("> 0", value -> value > 0, "A twentieth of the batch size is usual.");
    private static final Kind<Double> DELTA = number(
            "> 0 and < 1", value -> value > 0 && value < 1, "Take less than one over the number of training rows.");
    private static final Kind<Double> EPSILON = number(
            "> 0", value -> value > 0, "1 to 8 is usual; no noise is enough for 0. To add none, say 'privacy: none'.");
    private static final Kind<Double> MULTIPLIER = number(
            "> 0",
            value -> value > 0,
            "1 is usual; give 'epsilon' to have it found. To add none, say 'privacy: none'.");

    static {
        PRIVACY.put("none", section -> section.create(PrivacySpec.None::new));
        PRIVACY.put("examples", PrivacyReader::examples);
        PRIVACY.put("site", PrivacyReader::site);
        PRIVACY.put("federation", PrivacyReader::federation);
        CLIPPINGS.put("flat", PrivacyReader::flat);
        CLIPPINGS.put("per-layer", PrivacyReader::perLayer);
        CLIPPINGS.put("automatic", PrivacyReader::automatic);
        CLIPPINGS.put("quantile", PrivacyReader::quantile);
    }

    private PrivacyReader() {}

    private static Value<PrivacySpec> examples(Section section) {
        Value<Clipping> clipping = section.required("clip", variant(CLIPPINGS));
        Value<PrivacyTarget> target = target(section);
        return section.create(() -> new PrivacySpec.Examples(clipping.get(), target.get()));
    }

    private static Value<Clipping> flat(Section section) {
        Value<Double> norm = section.required("norm", NORM);
        return section.create(() -> new Clipping.Flat(norm.get()));
    }

    private static Value<Clipping> perLayer(Section section) {
        Value<Double> norm = section.required("norm", NORM);
        return section.create(() -> new Clipping.PerLayer(norm.get()));
    }

    private static Value<Clipping> automatic(Section section) {
        Value<Double> stability = section.optional("stability", STABILITY, 0.01);
        return section.create(() -> new Clipping.Automatic(stability.get()));
    }

    private static Value<Clipping> quantile(Section section) {
        Value<Double> initialNorm = section.required("initial-norm", NORM);
        Value<Double> quantile = section.optional("quantile", QUANTILE, 0.5);
        Value<Double> learningRate = section.optional("learning-rate", NORM_RATE, 0.2);
        Value<Double> countDeviation = section.required("count-deviation", COUNT_DEVIATION);
        return section.create(() -> new Clipping.Quantile(
                initialNorm.get(),
                quantile.get(),
                learningRate.get(),
                countDeviation.get(),
                Clipping.Update.GEOMETRIC));
    }

    private static Value<PrivacySpec> site(Section section) {
        Value<Double> clip = section.required("clip", NORM);
        Value<PrivacyTarget> target = target(section);
        return section.create(() -> new PrivacySpec.Site(clip.get(), target.get()));
    }

    private static Value<PrivacySpec> federation(Section section) {
        Value<Double> clip = section.required("clip", NORM);
        Value<PrivacyTarget> target = target(section);
        return section.create(() -> new PrivacySpec.Federation(clip.get(), target.get()));
    }

    private static Value<PrivacyTarget> target(Section section) {
        Value<Noise> noise = noise(section);
        Value<Double> delta = section.required("delta", DELTA);
        Value<Accounting> accounting = section.optional("accountant", constant(Accounting.class), Accounting.RDP);
        return section.create(() -> new PrivacyTarget(noise.get(), delta.get(), accounting.get()));
    }

    private static Value<Noise> noise(Section section) {
        Value<Optional<Double>> multiplier = section.optional("noise-multiplier", MULTIPLIER);
        Value<Optional<Double>> epsilon = section.optional("epsilon", EPSILON);
        if (section.has("noise-multiplier") == section.has("epsilon")) {
            return section.problem("exactly one of noise-multiplier and epsilon must be given.");
        }
        return section.create(() -> multiplier
                .get()
                .<Noise>map(Noise.Multiplier::new)
                .or(() -> epsilon.get().map(Noise.Epsilon::new))
                .orElseThrow());
    }

    /** What {@link #PRIVACY} read as this. */
    static String written(PrivacySpec privacy) {
        if (privacy instanceof PrivacySpec.Examples examples) {
            return "{examples: {clip: {" + written(examples.clipping()) + "}, " + written(examples.target()) + "}}";
        } else if (privacy instanceof PrivacySpec.Site site) {
            return "{site: {clip: " + YamlText.number(site.clip()) + ", " + written(site.target()) + "}}";
        } else if (privacy instanceof PrivacySpec.Federation federation) {
            return "{federation: {clip: " + YamlText.number(federation.clip()) + ", " + written(federation.target())
                    + "}}";
        }
        return "none";
    }

    private static String written(Clipping clipping) {
        if (clipping instanceof Clipping.Flat flat) {
            return "flat: {norm: " + YamlText.number(flat.norm()) + "}";
        } else if (clipping instanceof Clipping.PerLayer layers
                && layers.norms().isEmpty()) {
            return "per-layer: {norm: " + YamlText.number(layers.norm()) + "}";
        } else if (clipping instanceof Clipping.Automatic automatic) {
            return "automatic: {stability: " + YamlText.number(automatic.stability()) + "}";
        } else if (clipping instanceof Clipping.Quantile quantile && quantile.update() == Clipping.Update.GEOMETRIC) {
            return "quantile: {initial-norm: " + YamlText.number(quantile.initialNorm())
                    + ", quantile: " + YamlText.number(quantile.quantile())
                    + ", learning-rate: " + YamlText.number(quantile.learningRate())
                    + ", count-deviation: " + YamlText.number(quantile.countDeviation()) + "}";
        }
        throw new IllegalArgumentException("a plan clips flat, per layer with one norm, automatically, or by a quantile"
                + " that it follows geometrically. Provided value: " + clipping);
    }

    private static String written(PrivacyTarget target) {
        String noise = target.noise() instanceof Noise.Multiplier multiplier
                ? "noise-multiplier: " + YamlText.number(multiplier.value())
                : "epsilon: " + YamlText.number(((Noise.Epsilon) target.noise()).target());
        return noise + ", delta: " + YamlText.number(target.delta()) + ", accountant: "
                + Kinds.word(target.accounting());
    }
}
