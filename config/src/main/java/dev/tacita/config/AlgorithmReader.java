package dev.tacita.config;

import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedSgd;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LearningRateSchedule;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.LocalWork.Extent;
import dev.tacita.core.learning.OptimizerSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Reads a plan's algorithm. */
final class AlgorithmReader {
    static final Map<String, Function<Section, Value<FederatedAlgorithm>>> ALGORITHMS = new LinkedHashMap<>();

    private static final Kind<Double> POSITIVE = number("> 0", value -> value > 0);

    static {
        ALGORITHMS.put("fedavg", AlgorithmReader::fedAvg);
        ALGORITHMS.put("fedsgd", AlgorithmReader::fedSgd);
    }

    private AlgorithmReader() {}

    private static Value<FederatedAlgorithm> fedAvg(Section section) {
        Value<Extent> extent = extent(section);
        Value<OptionalInt> batchSize = section.required("batch-size", AlgorithmReader::batchSize);
        Value<OptimizerSpec> optimizer = section.required("optimizer", variant(OptimizerReader.OPTIMIZERS));
        Value<Double> serverLearningRate = section.optional("server-learning-rate", POSITIVE, 1.0);
        Value<LearningRateSchedule> overSteps =
                section.optional("schedule", variant(ScheduleReader.SCHEDULES), LearningRateSchedule.CONSTANT);
        Value<LearningRateSchedule> overRounds = section.optional(
                "schedule-of-rounds", variant(ScheduleReader.SCHEDULES), LearningRateSchedule.CONSTANT);
        return section.create(() -> new FedAvg(
                new LocalWork.Train(optimizer.get(), extent.get(), batchSize.get(), overSteps.get()),
                serverLearningRate.get(),
                overRounds.get()));
    }

    private static Value<Extent> extent(Section section) {
        Value<Optional<Integer>> epochs = section.optional("epochs", integer(1, Integer.MAX_VALUE));
        Value<Optional<Integer>> steps = section.optional("steps", integer(1, Integer.MAX_VALUE));
        if (section.has("epochs") == section.has("steps")) {
            return section.problem("exactly one of epochs and steps must be given.");
        }
        return section.create(() -> epochs.get()
                .<Extent>map(Extent.Epochs::new)
                .or(() -> steps.get().map(Extent.Steps::new))
                .orElseThrow());
    }

    private static Value<OptionalInt> batchSize(Element element) {
        return element.isWord("all")
                ? Value.of(OptionalInt.empty())
                : integer(1, Integer.MAX_VALUE, ", or all").map(OptionalInt::of).read(element);
    }

    private static Value<FederatedAlgorithm> fedSgd(Section section) {
        Value<Double> learningRate = section.required("learning-rate", POSITIVE);
        return section.create(() -> new FedSgd(learningRate.get()));
    }
}
