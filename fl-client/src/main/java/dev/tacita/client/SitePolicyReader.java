package dev.tacita.client;

import static dev.tacita.config.Kinds.bool;
import static dev.tacita.config.Kinds.choice;
import static dev.tacita.config.Kinds.constant;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.longInteger;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.text;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.config.Element;
import dev.tacita.config.Kind;
import dev.tacita.config.Kinds;
import dev.tacita.config.RunPlanReader;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import dev.tacita.config.YamlFile;
import dev.tacita.core.learning.Adversary;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a site's policy from YAML. No key has a default; {@code smallest-count} must go with a shared class balance, {@code
 * largest-epsilon} with a least privacy above none, {@code keep-personal-models} with an algorithm that makes one.
 */
public final class SitePolicyReader {
    private static final List<String> ALGORITHMS = RunPlanReader.algorithmNames();
    private static final Map<String, Function<Section, Value<ProtectionDemand>>> PROTECTIONS = new LinkedHashMap<>();

    static {
        PROTECTIONS.put("plain", section -> section.create(ProtectionDemand.Plain::new));
        PROTECTIONS.put("secure-aggregation", SitePolicyReader::secureAggregation);
    }

    private SitePolicyReader() {}

    /**
     * The policy in a file of its own.
     *
     * @throws dev.tacita.core.ProblemsException with every problem
     */
    public static SitePolicy read(Path file) {
        return YamlFile.read(file, SitePolicyReader::policy);
    }

    /** A policy as a section, or as the path of a file that has it. */
    static Value<SitePolicy> policy(Element element) {
        if (element.isSection()) {
            return section(SitePolicyReader::policy).read(element);
        }
        Value<Path> file = Kinds.file().read(element);
        return element.create(() -> read(file.get()));
    }

    static Value<SitePolicy> policy(Section section) {
        Value<List<String>> algorithms = section.required("algorithms", list(word(ALGORITHMS)));
        Value<List<String>> layers = section.required("layers", list(word(RunPlanReader.layerNames())));
        Value<ProtectionDemand> leastProtection = section.required("least-protection", variant(PROTECTIONS));
        Value<PrivacyDemand> privacy = PrivacyDemandReader.demand(section);
        Value<Integer> smallestCohort = section.required("smallest-cohort", integer(1, Integer.MAX_VALUE));
        Value<List<String>> datasets = section.required("datasets", list(text()));
        Value<OptionalInt> largestRounds = section.required("largest-rounds", SitePolicyReader::largestRounds);
        Value<Boolean> shareMetrics = section.required("share-metrics", bool());
        Value<Boolean> shareClassBalance = section.required("share-class-balance", bool());
        Value<ClassBalance> classBalance = section.create(() -> shareClassBalance.get()
                ? shared(section).get()
                : withheld(section).get());
        Value<Boolean> keepPersonalModels = keepPersonalModels(section, algorithms);
        return section.create(() -> new SitePolicy(
                Set.copyOf(algorithms.get()),
                Set.copyOf(layers.get()),
                leastProtection.get(),
                privacy.get(),
                smallestCohort.get(),
                Set.copyOf(datasets.get()),
                largestRounds.get(),
                shareMetrics.get(),
                classBalance.get(),
                keepPersonalModels.get()));
    }

    private static Value<Boolean> keepPersonalModels(Section section, Value<List<String>> algorithms) {
        return section.create(() -> algorithms.get().stream().anyMatch(SitePolicy.PERSONAL::contains)
                ? section.required("keep-personal-models", bool()).get()
                : section.optional("keep-personal-models", bool(), false).get());
    }

    private static Value<ProtectionDemand> secureAggregation(Section section) {
        Value<Adversary> adversary = section.required("adversary", constant(Adversary.class));
        Value<Integer> corrupted = section.required("corrupted", integer(0, Integer.MAX_VALUE));
        return section.create(() -> new ProtectionDemand.SecureAggregation(adversary.get(), corrupted.get()));
    }

    private static Value<ClassBalance> shared(Section section) {
        Value<Integer> smallestCount = section.required("smallest-count", integer(2, Integer.MAX_VALUE));
        return section.create(() -> new ClassBalance.Shared(smallestCount.get()));
    }

    private static Value<ClassBalance> withheld(Section section) {
        Value<Optional<Long>> smallestCount = section.optional("smallest-count", longInteger(1, Long.MAX_VALUE));
        return section.create(() -> new ClassBalance.Withheld(
                smallestCount.get().map(OptionalLong::of).orElse(OptionalLong.empty())));
    }

    private static Value<OptionalInt> largestRounds(Element element) {
        return element.isWord("any")
                ? Value.of(OptionalInt.empty())
                : integer(1, Integer.MAX_VALUE, "or any").map(OptionalInt::of).read(element);
    }

    private static Kind<String> word(Collection<String> words) {
        Map<String, String> choices = new LinkedHashMap<>();
        words.forEach(word -> choices.put(word, word));
        return choice(choices);
    }
}
