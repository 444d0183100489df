package dev.tacita.config;

import static dev.tacita.config.Kinds.constant;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.core.learning.AdaFedProx;
import dev.tacita.core.learning.FedAdagrad;
import dev.tacita.core.learning.FedAdam;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedAvgM;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.FedDyn;
import dev.tacita.core.learning.FedNova;
import dev.tacita.core.learning.FedProx;
import dev.tacita.core.learning.FedSgd;
import dev.tacita.core.learning.FedYogi;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.LearningRateSchedule;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.LocalWork.Extent;
import dev.tacita.core.learning.NewtonRaphson;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.QFedAvg;
import dev.tacita.core.learning.Scaffold;
import dev.tacita.core.learning.Weighting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Reads and writes algorithms. */
final class AlgorithmReader {
    /** Those that run live. */
    static final Map<String, Function<Section, Value<FederatedAlgorithm>>> ALGORITHMS = new LinkedHashMap<>();

    /** Those, and the ones that need other rounds than live ones. */
    static final Map<String, Function<Section, Value<FederatedAlgorithm>>> SIMULATED = new LinkedHashMap<>();

    static final Kind<Integer> COUNT = integer(1, 1_000_000);
    private static final Kind<Double> POSITIVE = number("> 0", value -> value > 0);
    private static final Kind<Double> NOT_NEGATIVE = number(">= 0", value -> value >= 0);
    private static final Kind<Double> BELOW_ONE = number(">= 0 and < 1", value -> value >= 0 && value < 1);

    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.99;
    private static final double TAU = 1e-3;

    static {
        ALGORITHMS.put("fedavg", section -> {
            Value<FedAvg> fedAvg = fedAvg(section);
            return section.create(fedAvg::get);
        });
        ALGORITHMS.put("fedsgd", AlgorithmReader::fedSgd);
        ALGORITHMS.put("fedprox", AlgorithmReader::fedProx);
        ALGORITHMS.put("fedavgm", AlgorithmReader::fedAvgM);
        ALGORITHMS.put("fedadam", AlgorithmReader::fedAdam);
        ALGORITHMS.put("fedyogi", AlgorithmReader::fedYogi);
        ALGORITHMS.put("fedadagrad", AlgorithmReader::fedAdagrad);
        ALGORITHMS.put("scaffold", section -> {
            Value<FedAvg> base = fedAvg(section);
            Value<Weighting> weighting = section.optional("weighting", constant(Weighting.class), Weighting.ALIKE);
            return section.create(() -> new Scaffold(base.get(), weighting.get()));
        });
        ALGORITHMS.put("fednova", section -> {
            Value<FedAvg> base = fedAvg(section);
            return section.create(() -> new FedNova(base.get()));
        });
        ALGORITHMS.put("feddyn", AlgorithmReader::fedDyn);
        ALGORITHMS.put("qfedavg", AlgorithmReader::qFedAvg);
        ALGORITHMS.put("newton-raphson", AlgorithmReader::newtonRaphson);
        ALGORITHMS.put("adafedprox", AlgorithmReader::adaFedProx);
        ALGORITHMS.put("fedbuff", AlgorithmReader::fedBuff);
        ALGORITHMS.put("fedbn", PersonalAlgorithmReader::fedBn);
        ALGORITHMS.put("fedper", PersonalAlgorithmReader::fedPer);
        ALGORITHMS.put("ditto", PersonalAlgorithmReader::ditto);
        ALGORITHMS.put("hierarchical", RegionalAlgorithmReader::live);
        SIMULATED.putAll(ALGORITHMS);
        SIMULATED.put("boosted-trees", BoostedTreesReader::read);
        SIMULATED.put("hierarchical", RegionalAlgorithmReader::simulated);
    }

    private AlgorithmReader() {}

    /** One that runs live; of one that does not yet, the reason. */
    static Value<FederatedAlgorithm> live(Element element) {
        if (element.tree() instanceof Tree.Mapping mapping
                && mapping.entries().size() == 1
                && SIMULATED.containsKey(mapping.entries().get(0).key())
                && !ALGORITHMS.containsKey(mapping.entries().get(0).key())) {
            return element.problem(
                    mapping.entries().get(0).key()
                            + " needs a model that live runs do not have, and is simulated only.",
                    "Use one of " + String.join(", ", ALGORITHMS.keySet()) + ", or 'tacita simulate'.");
        }
        return variant(ALGORITHMS).read(element);
    }

    static Value<FedAvg> fedAvg(Section section) {
        return fedAvg(section, section.optional("server-learning-rate", POSITIVE, 1.0));
    }

    private static Value<FedAvg> fedAvg(Section section, Value<Double> serverLearningRate) {
        Value<Extent> extent = extent(section);
        Value<OptionalInt> batchSize = section.required("batch-size", AlgorithmReader::batchSize);
        Value<OptimizerSpec> optimizer = section.required("optimizer", variant(OptimizerReader.OPTIMIZERS));
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

    private static Value<FederatedAlgorithm> fedProx(Section section) {
        Value<FedAvg> base = fedAvg(section);
        Value<Double> mu = section.required("mu", POSITIVE);
        return section.create(() -> new FedProx(base.get(), mu.get()));
    }

    private static Value<FederatedAlgorithm> fedBuff(Section section) {
        Value<FedAvg> base = fedAvg(section);
        Value<Integer> buffer = section.required("buffer", COUNT);
        Value<Integer> concurrency = section.required("concurrency", COUNT);
        return section.create(() -> new FedBuff(base.get(), buffer.get(), concurrency.get()));
    }

    private static Value<FederatedAlgorithm> newtonRaphson(Section section) {
        Value<Double> damping =
                section.optional("damping", number("> 0 and <= 1", value -> value > 0 && value <= 1), 1.0);
        Value<Double> ridge = section.optional("ridge", NOT_NEGATIVE, 0.0);
        return section.create(() -> new NewtonRaphson(damping.get(), ridge.get()));
    }

    private static Value<FederatedAlgorithm> adaFedProx(Section section) {
        Value<FedAvg> base = fedAvg(section);
        Value<Double> mu = section.required("mu", NOT_NEGATIVE);
        return section.create(() -> new AdaFedProx(base.get(), mu.get()));
    }

    private static Value<FederatedAlgorithm> fedAvgM(Section section) {
        Value<FedAvg> base = fedAvg(section);
        Value<Double> momentum = section.required("momentum", BELOW_ONE);
        return section.create(() -> new FedAvgM(base.get(), momentum.get()));
    }

    private static Value<FederatedAlgorithm> fedAdam(Section section) {
        Value<FedAvg> base = fedAvg(section, section.required("server-learning-rate", POSITIVE));
        Value<Double> beta1 = section.optional("beta1", BELOW_ONE, BETA_1);
        Value<Double> beta2 = section.optional("beta2", BELOW_ONE, BETA_2);
        Value<Double> tau = section.optional("tau", POSITIVE, TAU);
        return section.create(() -> new FedAdam(base.get(), beta1.get(), beta2.get(), tau.get()));
    }

    private static Value<FederatedAlgorithm> fedYogi(Section section) {
        Value<FedAvg> base = fedAvg(section, section.required("server-learning-rate", POSITIVE));
        Value<Double> beta1 = section.optional("beta1", BELOW_ONE, BETA_1);
        Value<Double> beta2 = section.optional("beta2", BELOW_ONE, BETA_2);
        Value<Double> tau = section.optional("tau", POSITIVE, TAU);
        return section.create(() -> new FedYogi(base.get(), beta1.get(), beta2.get(), tau.get()));
    }

    private static Value<FederatedAlgorithm> fedAdagrad(Section section) {
        Value<FedAvg> base = fedAvg(section, section.required("server-learning-rate", POSITIVE));
        Value<Double> tau = section.optional("tau", POSITIVE, TAU);
        return section.create(() -> new FedAdagrad(base.get(), tau.get()));
    }

    private static Value<FederatedAlgorithm> fedDyn(Section section) {
        Value<FedAvg> base = fedAvg(section, Value.of(1.0));
        Value<Double> alpha = section.required("alpha", POSITIVE);
        return section.create(() -> new FedDyn(base.get().training(), base.get().schedule(), alpha.get()));
    }

    private static Value<FederatedAlgorithm> qFedAvg(Section section) {
        Value<FedAvg> base = fedAvg(section, Value.of(1.0));
        Value<Double> q = section.required("q", NOT_NEGATIVE);
        return section.create(
                () -> new QFedAvg(base.get().training(), base.get().schedule(), q.get()));
    }

    /**
     * The lines that {@link #ALGORITHMS} read as this algorithm.
     *
     * @throws IllegalArgumentException if they read none as it
     */
    static List<String> written(FederatedAlgorithm algorithm) {
        if (algorithm instanceof FedSgd fedSgd) {
            return List.of("fedsgd:", "  learning-rate: " + YamlText.number(fedSgd.learningRate()));
        } else if (algorithm instanceof FedAvg fedAvg) {
            return written("fedavg", fedAvg);
        } else if (algorithm instanceof FedProx prox) {
            return written("fedprox", prox.base(), "mu: " + YamlText.number(prox.mu()));
        } else if (algorithm instanceof FedAvgM momentum) {
            return written("fedavgm", momentum.base(), "momentum: " + YamlText.number(momentum.momentum()));
        } else if (algorithm instanceof FedAdam adam) {
            return written(
                    "fedadam",
                    adam.base(),
                    "beta1: " + YamlText.number(adam.beta1()),
                    "beta2: " + YamlText.number(adam.beta2()),
                    "tau: " + YamlText.number(adam.tau()));
        } else if (algorithm instanceof FedYogi yogi) {
            return written(
                    "fedyogi",
                    yogi.base(),
                    "beta1: " + YamlText.number(yogi.beta1()),
                    "beta2: " + YamlText.number(yogi.beta2()),
                    "tau: " + YamlText.number(yogi.tau()));
        } else if (algorithm instanceof FedAdagrad adagrad) {
            return written("fedadagrad", adagrad.base(), "tau: " + YamlText.number(adagrad.tau()));
        } else if (algorithm instanceof Scaffold scaffold) {
            return written("scaffold", scaffold.base(), "weighting: " + Kinds.word(scaffold.weighting()));
        } else if (algorithm instanceof FedNova nova) {
            return written("fednova", nova.base());
        } else if (algorithm instanceof FedDyn dyn) {
            return writtenAtRateOne("feddyn", dyn.training(), dyn.schedule(), "alpha: " + YamlText.number(dyn.alpha()));
        } else if (algorithm instanceof QFedAvg fair) {
            return writtenAtRateOne("qfedavg", fair.training(), fair.schedule(), "q: " + YamlText.number(fair.q()));
        } else if (algorithm instanceof AdaFedProx prox) {
            return written("adafedprox", prox.base(), "mu: " + YamlText.number(prox.mu()));
        } else if (algorithm instanceof FedBuff buffered) {
            return written(
                    "fedbuff",
                    buffered.base(),
                    "buffer: " + buffered.buffer(),
                    "concurrency: " + buffered.concurrency());
        } else if (algorithm instanceof NewtonRaphson newton) {
            return List.of(
                    "newton-raphson:",
                    "  damping: " + YamlText.number(newton.damping()),
                    "  ridge: " + YamlText.number(newton.ridge()));
        } else if (algorithm instanceof Hierarchical regional) {
            return RegionalAlgorithmReader.written(regional);
        }
        return PersonalAlgorithmReader.written(algorithm);
    }

    /** That no plan can name it. */
    static IllegalArgumentException unknown(FederatedAlgorithm algorithm) {
        return new IllegalArgumentException("a plan names one of " + String.join(", ", ALGORITHMS.keySet())
                + ". Provided value: " + algorithm.name());
    }

    private static List<String> writtenAtRateOne(
            String name, LocalWork.Train training, LearningRateSchedule schedule, String own) {
        List<String> lines = new ArrayList<>(written(name, new FedAvg(training, 1, schedule), own));
        lines.removeIf(line -> line.startsWith("  server-learning-rate:"));
        return lines;
    }

    static List<String> written(String name, FedAvg base, String... own) {
        LocalWork.Train train = base.training();
        if (train.proximal() != 0) {
            throw new IllegalArgumentException(
                    "only fedprox has a pull to the model received. Provided value: " + train.proximal());
        }
        List<String> lines = new ArrayList<>();
        lines.add(name + ":");
        lines.add("  " + extent(train.extent()));
        lines.add("  batch-size: "
                + (train.batchSize().isPresent() ? train.batchSize().getAsInt() : "all"));
        lines.add("  optimizer:");
        lines.add("    " + OptimizerReader.written(train.optimizer()));
        lines.add("  server-learning-rate: " + YamlText.number(base.serverLearningRate()));
        lines.add("  schedule: " + schedule(train.schedule()));
        lines.add("  schedule-of-rounds: " + schedule(base.schedule()));
        for (String line : own) {
            lines.add("  " + line);
        }
        return lines;
    }

    private static String schedule(LearningRateSchedule schedule) {
        String text = ScheduleReader.written(schedule);
        return text.contains(":") ? "{" + text + "}" : text;
    }

    private static String extent(Extent extent) {
        if (extent instanceof Extent.Epochs epochs) {
            return "epochs: " + epochs.count();
        }
        return "steps: " + ((Extent.Steps) extent).count();
    }
}
