package dev.tacita.region;

import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.section;

import dev.tacita.client.SiteConfig;
import dev.tacita.config.RunPlanReader;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import dev.tacita.config.YamlFile;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.server.AggregatorConfig;
import dev.tacita.server.AggregatorConfigReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads {@code region.yaml}. Of the rounds, {@code sites} is the quorum, {@code cohort-fraction} 1 and {@code retries} 0 where they
 * are not given: the aggregator of regions tries again too.
 */
final class RegionConfigReader {
    private RegionConfigReader() {}

    static RegionConfig read(Path file) {
        return YamlFile.read(file, RegionConfigReader::config);
    }

    private static Value<RegionConfig> config(Section root) {
        Value<SiteConfig> site = root.required("site", section(SiteConfig::region));
        Value<AggregatorConfig> aggregator = root.required("aggregator", section(AggregatorConfigReader::part));
        Value<RegionSettings> rounds = root.required("rounds", section(RegionConfigReader::rounds));
        return root.create(() -> new RegionConfig(site.get(), aggregator.get(), rounds.get()));
    }

    private static Value<RegionSettings> rounds(Section section) {
        Value<Integer> quorum = section.required("quorum", integer(1, Integer.MAX_VALUE));
        Value<Optional<Integer>> sites = section.optional("sites", integer(1, Integer.MAX_VALUE));
        Value<Double> cohortFraction =
                section.optional("cohort-fraction", number("> 0 and <= 1", value -> value > 0 && value <= 1), 1.0);
        Value<Duration> deadline = section.required("deadline", RunPlanReader.deadline());
        Value<Integer> retries = section.optional("retries", integer(0, Integer.MAX_VALUE), 0);
        Value<ProtectionSpec> protection = section.required("protection", RunPlanReader.protection());
        return section.create(() -> new RegionSettings(
                sites.get().orElse(quorum.get()),
                quorum.get(),
                cohortFraction.get(),
                deadline.get(),
                retries.get(),
                protection.get()));
    }
}
