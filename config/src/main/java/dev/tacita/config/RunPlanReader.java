package dev.tacita.config;

import static dev.tacita.config.Kinds.duration;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.longInteger;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.text;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.number.FixedPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a run plan from YAML. The text may come from a hostile aggregator: see {@link YamlFile}. What decides privacy
 * or the result has no default; {@code sites} is the quorum, {@code cohort-fraction} 1, {@code retries} 3, and
 * {@code encoding} {@link FixedPoint#STANDARD} where they are not given.
 */
public final class RunPlanReader {
    private static final int DEFAULT_RETRIES = 3;
    private static final int MAX_ROUNDS = 1_000_000;
    private static final Duration MIN_DEADLINE = Duration.ofSeconds(1);
    private static final Duration MAX_DEADLINE = Duration.ofDays(30);

    private RunPlanReader() {}

    /** The names of all layers that a plan may use. */
    public static List<String> layerNames() {
        return List.copyOf(LayerReader.LAYERS.keySet());
    }

    /** The names of all algorithms that a plan may use. */
    public static List<String> algorithmNames() {
        return List.copyOf(AlgorithmReader.ALGORITHMS.keySet());
    }

    /**
     * The plan in this text.
     *
     * @param name what problems call the text
     * @throws dev.tacita.core.ProblemsException with every problem; no other exception
     */
    public static RunPlan read(String name, String text) {
        return YamlFile.read(name, text, RunPlanReader::plan);
    }

    /**
     * The plan in this file.
     *
     * @throws dev.tacita.core.ProblemsException with every problem; no other exception
     */
    public static RunPlan read(Path file) {
        return YamlFile.read(file, RunPlanReader::plan);
    }

    /** What hides a contribution, as plans say it. */
    public static Kind<ProtectionSpec> protection() {
        return variant(ProtectionReader.PROTECTIONS);
    }

    /** How long a round waits for its cohort, as plans say it. */
    public static Kind<Duration> deadline() {
        return duration(MIN_DEADLINE, MAX_DEADLINE);
    }

    private static Value<RunPlan> plan(Section root) {
        Value<String> name = root.required("name", text());
        Value<String> dataset = root.required("dataset", text());
        Value<ModelSpec> model = root.required("model", section(ModelReader::model));
        Value<Loss> loss = root.required("loss", variant(LossReader.LOSSES));
        Value<FederatedAlgorithm> algorithm = root.required("algorithm", AlgorithmReader::live);
        Value<Integer> rounds = root.required("rounds", integer(1, MAX_ROUNDS));
        Value<Double> cohortFraction =
                root.optional("cohort-fraction", number("> 0 and <= 1", value -> value > 0 && value <= 1), 1.0);
        Value<Integer> quorum = root.required("quorum", integer(1, Integer.MAX_VALUE));
        Value<Optional<Integer>> sites = root.optional("sites", integer(1, Integer.MAX_VALUE));
        Value<Duration> deadline = root.required("deadline", deadline());
        Value<Integer> retries = root.optional("retries", integer(0, Integer.MAX_VALUE), DEFAULT_RETRIES);
        Value<ProtectionSpec> protection = root.required("protection", protection());
        Value<PrivacySpec> privacy = root.required("privacy", variant(PrivacyReader.PRIVACY));
        Value<FixedPoint> encoding = root.optional("encoding", section(RunPlanReader::encoding), FixedPoint.STANDARD);
        Value<Long> seed = root.required("seed", longInteger(Long.MIN_VALUE, Long.MAX_VALUE));
        return root.create(() -> {
            List<Problem> problems = new ArrayList<>(RunPlan.liveProblems(model.get(), algorithm.get(), privacy.get()));
            if (algorithm.get() instanceof FedBuff fedBuff) {
                problems.addAll(
                        fedBuff.liveProblems(cohortFraction.get(), quorum.get(), protection.get(), privacy.get()));
            }
            try {
                RunPlan plan = new RunPlan(
                        name.get(),
                        dataset.get(),
                        model.get(),
                        loss.get(),
                        algorithm.get(),
                        rounds.get(),
                        cohortFraction.get(),
                        quorum.get(),
                        sites.get().orElse(quorum.get()),
                        deadline.get(),
                        retries.get(),
                        protection.get(),
                        privacy.get(),
                        encoding.get(),
                        seed.get());
                if (problems.isEmpty()) {
                    return plan;
                }
            } catch (ProblemsException e) {
                problems.addAll(0, e.problems());
            }
            throw new ProblemsException("the plan", problems);
        });
    }

    private static Value<FixedPoint> encoding(Section section) {
        Value<Integer> fractionBits = section.required("fraction-bits", integer(1, 48));
        Value<Integer> limit = section.required("limit", integer(1, Integer.MAX_VALUE));
        return section.create(() -> new FixedPoint(fractionBits.get(), limit.get()));
    }
}
