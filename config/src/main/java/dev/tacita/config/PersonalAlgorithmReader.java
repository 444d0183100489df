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
}
