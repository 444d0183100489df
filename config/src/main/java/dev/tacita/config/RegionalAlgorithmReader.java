package dev.tacita.config;

import static dev.tacita.config.AlgorithmReader.COUNT;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.map;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.text;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.Regions;
import java.util.List;

/** Reads and writes averaging by regions. */
final class RegionalAlgorithmReader {
    private static final int MOST_ROUNDS = 1_000_000;

    private RegionalAlgorithmReader() {}

    /** In a study: its regions are groups of the sites. */
    static Value<FederatedAlgorithm> simulated(Section section) {
        Value<FedAvg> base = AlgorithmReader.fedAvg(section);
        Value<Regions> regions = section.required("regions", RegionalAlgorithmReader::regions);
        Value<Integer> edgeRounds = section.required("edge-rounds", COUNT);
        return section.create(() -> new Hierarchical(base.get(), regions.get(), edgeRounds.get()));
    }

    /** In a plan: its regions are the sites of the run. */
    static Value<FederatedAlgorithm> live(Section section) {
        Value<FedAvg> base = AlgorithmReader.fedAvg(section);
        Value<Integer> edgeRounds = section.required("edge-rounds", COUNT);
        Value<Regions> part =
                section.optional("part-of", section(RegionalAlgorithmReader::part), new Regions.Federations());
        Value<Boolean> none = section.optional(
                "regions",
                element -> element.problem(
                        "the regions of a live run are its sites: each is a federation of its own, whose sites join it.",
                        "Leave 'regions' out, and start 'tacita region' for each; studies name regions here."),
                true);
        return section.create(() -> {
            none.get();
            return new Hierarchical(base.get(), part.get(), edgeRounds.get());
        });
    }

    private static Value<Regions> part(Section section) {
        Value<RunId> run = section.required("run", text().map(RunId::new));
        Value<Integer> round = section.required("round", integer(1, MOST_ROUNDS + 1));
        Value<Integer> rounds = section.required("rounds", integer(1, MOST_ROUNDS));
        Value<String> model = section.required("model", text());
        return section.create(() -> new Regions.PartOf(run.get(), round.get(), rounds.get(), model.get()));
    }

    /** A number, or the sites of each region by its name, or the word for what the data says. */
    private static Value<Regions> regions(Element element) {
        if (element.isSection()) {
            return map(list(text().map(SiteId::new)))
                    .<Regions>map(Regions.Named::new)
                    .read(element);
        }
        return element.isWord("by-data")
                ? Value.of(new Regions.OfData())
                : COUNT.<Regions>map(Regions.Count::new).read(element);
    }

    /**
     * The lines that {@link #live} reads as this algorithm.
     *
     * @throws IllegalArgumentException if its regions are those of a study
     */
    static List<String> written(Hierarchical algorithm) {
        String edgeRounds = "edge-rounds: " + algorithm.edgeRounds();
        if (algorithm.regions() instanceof Regions.Federations) {
            return AlgorithmReader.written(algorithm.name(), algorithm.base(), edgeRounds);
        }
        Regions.PartOf part = algorithm.part().orElseThrow(() -> AlgorithmReader.unknown(algorithm));
        return AlgorithmReader.written(
                algorithm.name(),
                algorithm.base(),
                edgeRounds,
                "part-of:",
                "  run: " + YamlText.quoted(part.run().value()),
                "  round: " + part.round(),
                "  rounds: " + part.rounds(),
                "  model: " + YamlText.quoted(part.model()));
    }
}
