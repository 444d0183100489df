package dev.tacita.server.report;

import dev.tacita.core.learning.AdaFedProx;
import dev.tacita.core.learning.BesideTheUpdate;
import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.Ditto;
import dev.tacita.core.learning.FedAdagrad;
import dev.tacita.core.learning.FedAdam;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedAvgM;
import dev.tacita.core.learning.FedBn;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.FedDyn;
import dev.tacita.core.learning.FedNova;
import dev.tacita.core.learning.FedPer;
import dev.tacita.core.learning.FedProx;
import dev.tacita.core.learning.FedSgd;
import dev.tacita.core.learning.FedYogi;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.LocalWork.Extent;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.NewtonRaphson;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.PrivacyTarget;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.QFedAvg;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.Scaffold;
import dev.tacita.core.learning.Weighting;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.ParameterLayout.Slot;
import dev.tacita.core.model.Shape;
import dev.tacita.dp.plan.SharedNoise;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A plan in words, for people who did not write it. */
final class PlanText {
    private PlanText() {}

    static Map<String, String> of(RunPlan plan) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("Dataset", plan.dataset());
        words.put("Model", model(plan.model()));
        words.put("Loss", loss(plan.loss()));
        words.put("Algorithm", algorithm(plan.algorithm()));
        words.put(
                "A site's part",
                BesideTheUpdate.sentence(plan.algorithm(), plan.model().layout().size()));
        words.put("Rounds", Figures.count(plan.rounds()));
        words.put("Cohort", cohort(plan));
        words.put("Quorum", Figures.plural(plan.quorum(), "site"));
        words.put("Sites before the first round", Figures.count(plan.sites()));
        words.put("Deadline of a round", Figures.duration(plan.deadline()));
        words.put("Retries below the quorum", Figures.count(plan.retries()));
        words.put("Protection", protection(plan.protection()));
        words.put("Privacy", privacy(plan));
        words.put(
                "Encoding",
                "fixed point, " + plan.encoding().fractionBits() + " fraction bits, values within ±"
                        + plan.encoding().limit());
        words.put("Seed", Long.toString(plan.seed()));
        return words;
    }

    private static String protection(ProtectionSpec protection) {
        String word = RoundLineJson.word(protection.kind());
        return protection instanceof SecureAggregation secure
                ? word + " against an aggregator that is " + RoundLineJson.word(secure.adversary()) + ", helped by "
                        + Figures.plural(secure.corrupted(), "site") + "; " + secure.dropOuts()
                        + " may drop out; values within ±"
                        + secure.quantization().limit() + ", weights up to "
                        + secure.quantization().maxWeight() + ", "
                        + secure.quantization().bits() + " bits, modulo 2^"
                        + secure.modulusBits()
                : word;
    }

    static Table layers(ModelSpec model) {
        Table table = Table.of("Layers of the model", "Node", "Layer", "Inputs", "Output shape", "#Parameters");
        Map<String, Shape> shapes = model.shapes();
        ParameterLayout layout = model.layout();
        for (Node node : model.nodes()) {
            int parameters = layout.slots().stream()
                    .filter(slot -> slot.node().equals(node.id()))
                    .mapToInt(Slot::length)
                    .sum();
            table.row(
                    node.id(),
                    layer(node),
                    String.join(", ", node.inputs()),
                    Optional.ofNullable(shapes.get(node.id()))
                            .map(Shape::toString)
                            .orElse(""),
                    Figures.count(parameters));
        }
        return table.total("All", "", "", "", Figures.count(layout.size()));
    }

    private static String model(ModelSpec model) {
        return Figures.plural(model.nodes().size(), "layer") + ", "
                + Figures.plural(model.layout().size(), "parameter");
    }

    private static String privacy(RunPlan plan) {
        if (plan.privacy() instanceof PrivacySpec.Examples examples) {
            return "DP-SGD at each site: " + clipping(examples.clipping()) + ", " + target(examples.target());
        } else if (plan.privacy() instanceof PrivacySpec.Site site) {
            return "noise on each site's update: clipped to " + site.clip() + ", " + target(site.target());
        } else if (plan.privacy() instanceof PrivacySpec.Federation federation) {
            return (SharedNoise.isOf(plan)
                            ? "noise of the sites, in shares, on the sum"
                            : "noise of the aggregator on the sum")
                    + ": clipped to " + federation.clip() + ", "
                    + target(federation.target());
        }
        return "none";
    }

    private static String clipping(Clipping clipping) {
        if (clipping instanceof Clipping.Flat flat) {
            return "gradients clipped to " + flat.norm();
        } else if (clipping instanceof Clipping.PerLayer layers) {
            return "gradients clipped to " + layers.norm() + " for each layer";
        } else if (clipping instanceof Clipping.Quantile quantile) {
            return "gradients clipped to the " + quantile.quantile() + " quantile of their norms, followed from "
                    + quantile.initialNorm();
        }
        return "gradients clipped automatically";
    }

    private static String target(PrivacyTarget target) {
        String noise = target.noise() instanceof PrivacyTarget.Noise.Multiplier multiplier
                ? "noise multiplier " + multiplier.value()
                : "epsilon " + ((PrivacyTarget.Noise.Epsilon) target.noise()).target() + " over all rounds";
        return noise + ", delta " + target.delta();
    }

    private static String cohort(RunPlan plan) {
        return plan.algorithm() instanceof FedBuff fedBuff
                ? "as many as make " + Figures.plural(fedBuff.concurrency(), "site")
                        + " at work with those still at work on earlier rounds"
                : cohort(plan.cohortFraction());
    }

    private static String cohort(double fraction) {
        return fraction == 1
                ? "all sites present"
                : String.format(Locale.ROOT, "%.3g\u202f%% of the sites present", 100 * fraction);
    }

    /** A record's own text, as people write it: {@code dense (units 16, bias true)}. */
    private static String layer(Node node) {
        String text = node.layer()
                .toString()
                .replace("[]", "")
                .replace("window=Window[", "window[")
                .replace("[", " (")
                .replace(']', ')')
                .replace('=', ' ')
                .replace('_', '-')
                .toLowerCase(Locale.ROOT);
        String frozen = node.frozen() ? ", frozen" : "";
        return text
                + node.parametersOf()
                        .map(owner -> ", with the parameters of " + owner)
                        .orElse(frozen);
    }

    private static String loss(Loss loss) {
        return loss.name().replace('-', ' ').replace("cross entropy", "cross-entropy");
    }

    private static String algorithm(FederatedAlgorithm algorithm) {
        if (algorithm instanceof FedAvg it) {
            return "FedAvg: " + averaging(it);
        }
        if (algorithm instanceof FedProx it) {
            return "FedProx: " + averaging(it.base()) + "; pulled to the model received by mu " + it.mu();
        }
        if (algorithm instanceof FedAvgM it) {
            return "FedAvgM: " + averaging(it.base()) + "; server momentum " + it.momentum();
        }
        if (algorithm instanceof FedAdam it) {
            return "FedAdam: " + averaging(it.base()) + moments(it.beta1(), it.beta2(), it.tau());
        }
        if (algorithm instanceof FedYogi it) {
            return "FedYogi: " + averaging(it.base()) + moments(it.beta1(), it.beta2(), it.tau());
        }
        if (algorithm instanceof FedAdagrad it) {
            return "FedAdagrad: " + averaging(it.base()) + "; tau " + it.tau();
        }
        if (algorithm instanceof FedSgd it) {
            return "FedSGD: one step along the mean gradient, learning rate " + it.learningRate();
        }
        return corrected(algorithm);
    }

    private static String corrected(FederatedAlgorithm algorithm) {
        if (algorithm instanceof Scaffold it) {
            return "SCAFFOLD: " + averaging(it.base()) + "; gradients corrected by control variates; sites count "
                    + (it.weighting() == Weighting.ALIKE ? "alike" : "by their training examples");
        }
        if (algorithm instanceof FedNova it) {
            return "FedNova: " + averaging(it.base()) + "; updates divided by the steps taken";
        }
        if (algorithm instanceof FedDyn it) {
            return "FedDyn: " + training(it.training()) + "; dynamic regulariser of alpha " + it.alpha();
        }
        if (algorithm instanceof QFedAvg it) {
            return "q-FedAvg: " + training(it.training()) + "; fairness q " + it.q();
        }
        if (algorithm instanceof AdaFedProx it) {
            return "AdaFedProx: " + averaging(it.base()) + "; pulled to the model received by a mu that begins at "
                    + it.mu();
        }
        if (algorithm instanceof FedBuff it) {
            return "FedBuff: " + averaging(it.base()) + "; a round ends with "
                    + Figures.plural(it.buffer(), "contribution")
                    + ", each of which counts 1 / sqrt(1 + rounds that it is late)";
        }
        if (algorithm instanceof NewtonRaphson it) {
            return "Newton-Raphson: damping " + it.damping() + ", ridge " + it.ridge();
        }
        return personal(algorithm);
    }

    private static String personal(FederatedAlgorithm algorithm) {
        if (algorithm instanceof Hierarchical it) {
            return "HierFAVG: " + averaging(it.base()) + "; "
                    + Figures.plural(it.edgeRounds(), "round") + " of a region in each round"
                    + it.part()
                            .map(part -> "; a region's part in round " + part.round() + " of run " + part.run())
                            .orElse("");
        }
        if (algorithm instanceof FedBn it) {
            return "FedBN: " + averaging(it.base()) + "; batch normalisation stays at the sites";
        }
        if (algorithm instanceof FedPer it) {
            return "FedPer: " + averaging(it.base()) + "; at the sites stay " + String.join(", ", it.personal());
        }
        if (algorithm instanceof Ditto it) {
            return "Ditto: " + averaging(it.base()) + "; each site's own model pulled to it by lambda " + it.lambda();
        }
        return algorithm.name();
    }

    private static String averaging(FedAvg base) {
        String factor = base.serverLearningRate() == 1 ? "" : "; server learning rate " + base.serverLearningRate();
        return training(base.training()) + factor;
    }

    private static String moments(double beta1, double beta2, double tau) {
        return ", beta1 " + beta1 + ", beta2 " + beta2 + ", tau " + tau;
    }

    private static String training(LocalWork.Train work) {
        String extent = work.extent() instanceof Extent.Epochs epochs
                ? Figures.plural(epochs.count(), "epoch")
                : Figures.plural(((Extent.Steps) work.extent()).count(), "step");
        String batch = work.batchSize().isPresent()
                ? "batches of " + work.batchSize().getAsInt()
                : "all examples in one batch";
        return extent + ", " + batch + ", " + optimizer(work.optimizer());
    }

    private static String optimizer(OptimizerSpec optimizer) {
        String name = optimizer instanceof OptimizerSpec.Adam ? "Adam" : "SGD";
        String momentum = optimizer instanceof OptimizerSpec.Sgd sgd && sgd.momentum() > 0
                ? ", " + (sgd.nesterov() ? "Nesterov " : "") + "momentum " + sgd.momentum()
                : "";
        return name + " with learning rate " + optimizer.learningRate() + momentum;
    }
}
