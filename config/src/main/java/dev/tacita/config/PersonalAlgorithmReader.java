package dev.tacita.config;

import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.text;

import dev.tacita.core.learning.Ditto;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedBn;
import dev.tacita.core.learning.FedPer;
import dev.tacita.core.learning.FederatedAlgorithm;
import java.util.List;
import java.util.stream.Collectors;

/** Reads algorithms that give each site a model of its own. */
final class PersonalAlgorithmReader {
    private PersonalAlgorithmReader() {}

    static Value<FederatedAlgorithm> fedBn(Section section) {
        Value<FedAvg> base = AlgorithmReader.fedAvg(section);
        return section.create(() -> new FedBn(base.get()));
    }

    static Value<FederatedAlgorithm> fedPer(Section section) {
        Value<FedAvg> base = AlgorithmReader.fedAvg(section);
        Value<List<String>> personal = section.required("personal-layers", list(text()));
        return section.create(() -> new FedPer(base.get(), personal.get()));
    }

    static Value<FederatedAlgorithm> ditto(Section section) {
        Value<FedAvg> base = AlgorithmReader.fedAvg(section);
        Value<Double> lambda = section.required("lambda", number(">= 0", value -> value >= 0));
        return section.create(() -> new Ditto(base.get(), lambda.get()));
    }

    /**
     * The lines that read as this algorithm.
     *
     * @throws IllegalArgumentException if it gives sites no model of their own
     */
    static List<String> written(FederatedAlgorithm algorithm) {
        if (algorithm instanceof FedBn norm) {
            return AlgorithmReader.written("fedbn", norm.base());
        } else if (algorithm instanceof FedPer layers) {
            return AlgorithmReader.written(
                    "fedper",
                    layers.base(),
                    "personal-layers: ["
                            + layers.personal().stream().map(YamlText::quoted).collect(Collectors.joining(", ")) + "]");
        } else if (algorithm instanceof Ditto ditto) {
            return AlgorithmReader.written("ditto", ditto.base(), "lambda: " + YamlText.number(ditto.lambda()));
        }
        throw AlgorithmReader.unknown(algorithm);
    }
}
