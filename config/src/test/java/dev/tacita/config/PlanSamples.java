package dev.tacita.config;

import dev.tacita.core.learning.AdaFedProx;
import dev.tacita.core.learning.Adversary;
import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.Ditto;
import dev.tacita.core.learning.FedAdagrad;
import dev.tacita.core.learning.FedAdam;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedAvgM;
import dev.tacita.core.learning.FedBn;
import dev.tacita.core.learning.FedDyn;
import dev.tacita.core.learning.FedNova;
import dev.tacita.core.learning.FedPer;
import dev.tacita.core.learning.FedProx;
import dev.tacita.core.learning.FedSgd;
import dev.tacita.core.learning.FedYogi;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.LearningRateSchedule;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.PrivacyTarget;
import dev.tacita.core.learning.PrivacyTarget.Accounting;
import dev.tacita.core.learning.PrivacyTarget.Noise;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.QFedAvg;
import dev.tacita.core.learning.Regions;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.Scaffold;
import dev.tacita.core.learning.Weighting;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.core.number.Quantization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** Plans to test with: one written by hand, and any number drawn at random. */
final class PlanSamples {
    static final String HEART = """
            name: heart-disease
            dataset: heart-disease
            model:
              input: [13]
              layers:
                - dense: {units: 1, initializer: fan-in-uniform}
            loss: binary-cross-entropy-with-logits
            algorithm:
              fedavg:
                steps: 100
                batch-size: 4
                optimizer: {sgd: {learning-rate: 0.001}}
            rounds: 15
            quorum: 3
            sites: 4
            deadline: 60s
            protection: plain
            privacy: none
            seed: 42
            """;

    private static final String NAME_CHARACTERS = "abcXYZ019 -_.:#'\"{}[]&*!|>%@`äß漢\\,?";

    private static final List<Initializer> INITIALIZERS = List.of(Initializer.values());

    private PlanSamples() {}

    static RunPlan random(RandomGenerator random) {
        int quorum = 1 + random.nextInt(50);
        int fractionBits = 1 + random.nextInt(48);
        ModelSpec model =
                switch (random.nextInt(3)) {
                    case 0 -> text(random);
                    case 1 -> chain(random);
                    default -> graph(random);
                };
        FederatedAlgorithm algorithm = algorithm(random);
        while (!algorithm.problemsWith(model).isEmpty()) {
            algorithm = algorithm(random);
        }
        Loss loss = loss(random);
        int sites = quorum + random.nextInt(50);
        double cohortFraction = 1 - random.nextDouble();
        boolean hides = algorithm.isPlain(model) && !(algorithm instanceof Hierarchical);
        PrivacySpec privacy = hides ? privacy(random, model, loss) : new PrivacySpec.None();
        ProtectionSpec protection =
                protection(random, (int) Math.max(quorum, Math.round(cohortFraction * sites)), quorum, privacy);
        boolean rounded = protection instanceof ProtectionSpec.SecureAggregation secure
                && !algorithm.problemsWith(secure.quantization()).isEmpty();
        return new RunPlan(
                name(random),
                name(random),
                model,
                loss,
                algorithm,
                1 + random.nextInt(1000),
                cohortFraction,
                quorum,
                sites,
                Duration.ofMillis(1000 + random.nextInt(10_000_000))
                        .plusNanos(random.nextInt(3) == 0 ? random.nextInt(999) : 0),
                random.nextInt(10),
                rounded ? new ProtectionSpec.Plain() : protection,
                privacy,
                new FixedPoint(fractionBits, 1 << random.nextInt(Math.min(30, 61 - fractionBits) + 1)),
                random.nextLong());
    }

    private static ProtectionSpec protection(RandomGenerator random, int sites, int quorum, PrivacySpec privacy) {
        int modulusBits = random.nextBoolean() ? 32 : 64;
        ProtectionSpec protection = new ProtectionSpec.SecureAggregation(
                List.of(Adversary.values()).get(random.nextInt(3)),
                random.nextInt(3),
                random.nextInt(3),
                Duration.ofSeconds(1 + random.nextInt(600)),
                new Quantization(rate(random), 2 + random.nextInt(24), 1 + random.nextInt(1 << random.nextInt(20))),
                modulusBits);
        return protection.problemsWith(sites, quorum, privacy).isEmpty() ? protection : new ProtectionSpec.Plain();
    }

    private static PrivacySpec privacy(RandomGenerator random, ModelSpec model, Loss loss) {
        Noise noise = random.nextBoolean() ? new Noise.Multiplier(rate(random)) : new Noise.Epsilon(rate(random));
        Accounting accounting = random.nextBoolean() ? Accounting.RDP : Accounting.PLD;
        PrivacyTarget target = new PrivacyTarget(noise, Math.max(1e-12, random.nextDouble()), accounting);
        Clipping clipping = List.of(
                        new Clipping.Flat(rate(random)),
                        new Clipping.PerLayer(rate(random)),
                        new Clipping.Automatic(Math.max(1e-12, rate(random))),
                        new Clipping.Quantile(
                                rate(random),
                                random.nextDouble(),
                                rate(random),
                                rate(random),
                                Clipping.Update.GEOMETRIC))
                .get(random.nextInt(4));
        PrivacySpec privacy = List.of(
                        new PrivacySpec.None(),
                        new PrivacySpec.Examples(clipping, target),
                        new PrivacySpec.Site(rate(random), target),
                        new PrivacySpec.Federation(rate(random), target))
                .get(random.nextInt(4));
        return privacy.problemsWith(model, loss).isEmpty() ? privacy : new PrivacySpec.None();
    }

    private static String name(RandomGenerator random) {
        StringBuilder name = new StringBuilder("n");
        for (int i = random.nextInt(30); i > 0; i--) {
            name.append(NAME_CHARACTERS.charAt(random.nextInt(NAME_CHARACTERS.length())));
        }
        return List.of(name.toString(), "null", "true", "007", "~", "plain name", ": ")
                .get(random.nextInt(7));
    }

    private static FederatedAlgorithm algorithm(RandomGenerator random) {
        if (random.nextInt(4) == 0) {
            return new FedSgd(rate(random));
        }
        OptimizerSpec optimizer = optimizer(random);
        int count = 1 + random.nextInt(500);
        LocalWork.Extent extent =
                random.nextBoolean() ? new LocalWork.Extent.Epochs(count) : new LocalWork.Extent.Steps(count);
        OptionalInt batch = random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(1000));
        FedAvg base = new FedAvg(
                new LocalWork.Train(optimizer, extent, batch, schedule(random)), rate(random), schedule(random));
        OptimizerSpec sgd = new OptimizerSpec.Sgd(rate(random), random.nextDouble() / 2, false, 0);
        FedAvg steps =
                new FedAvg(new LocalWork.Train(sgd, extent, batch, schedule(random)), rate(random), schedule(random));
        return List.of(
                        base,
                        new FedProx(base, rate(random)),
                        new FedAvgM(base, random.nextDouble()),
                        new FedAdam(base, random.nextDouble(), random.nextDouble(), rate(random)),
                        new FedYogi(base, random.nextDouble(), random.nextDouble(), rate(random)),
                        new FedAdagrad(base, rate(random)),
                        new Scaffold(steps, random.nextBoolean() ? Weighting.ALIKE : Weighting.EXAMPLES),
                        new FedNova(steps),
                        new FedDyn(base.training(), base.schedule(), rate(random)),
                        new QFedAvg(base.training(), base.schedule(), rate(random)),
                        new AdaFedProx(base, rate(random)),
                        new FedBn(base),
                        new FedPer(base, List.of("layer-1")),
                        new Ditto(base, rate(random)),
                        new Hierarchical(base, new Regions.Federations(), count))
                .get(random.nextInt(15));
    }

    private static OptimizerSpec optimizer(RandomGenerator random) {
        double momentum = random.nextBoolean() ? 0 : Math.max(1e-9, random.nextDouble());
        double beta1 = random.nextDouble();
        double beta2 = random.nextDouble();
        return List.of(
                        new OptimizerSpec.Sgd(
                                rate(random), momentum, momentum > 0 && random.nextBoolean(), random.nextDouble()),
                        new OptimizerSpec.Adam(rate(random), beta1, beta2, rate(random), 0),
                        new OptimizerSpec.AdamW(rate(random), beta1, beta2, rate(random), random.nextDouble()),
                        new OptimizerSpec.Yogi(rate(random), beta1, beta2, rate(random)),
                        new OptimizerSpec.RmsProp(rate(random), beta1, rate(random)),
                        new OptimizerSpec.Adagrad(rate(random), rate(random)))
                .get(random.nextInt(6));
    }

    private static LearningRateSchedule schedule(RandomGenerator random) {
        int length = 1 + random.nextInt(100);
        double part = Math.max(1e-6, random.nextDouble());
        return switch (random.nextInt(6)) {
            case 0 -> new LearningRateSchedule.Staircase(length, part);
            case 1 -> new LearningRateSchedule.Exponential(part);
            case 2 -> new LearningRateSchedule.Cosine(length, random.nextDouble());
            case 3 -> new LearningRateSchedule.Warmup(length, schedule(random));
            default -> LearningRateSchedule.CONSTANT;
        };
    }

    private static Loss loss(RandomGenerator random) {
        return List.of(
                        new Loss.SoftmaxCrossEntropy(),
                        new Loss.SoftmaxCrossEntropy(List.of(rate(random), 1.0, 0.0), random.nextDouble()),
                        new Loss.Focal(rate(random)),
                        new Loss.BinaryCrossEntropyWithLogits(),
                        new Loss.BinaryCrossEntropyWithLogits(rate(random)),
                        new Loss.Hinge(),
                        new Loss.MeanSquaredError(),
                        new Loss.Huber(rate(random)),
                        new Loss.CoxPartialLikelihood())
                .get(random.nextInt(9));
    }

    private static double rate(RandomGenerator random) {
        return Math.pow(10, random.nextInt(20) - 15) * (random.nextBoolean() ? 1 : 1 + random.nextDouble());
    }

    private static ModelSpec chain(RandomGenerator random) {
        List<Layer> layers = new ArrayList<>();
        Shape shape = Shape.of(1 + random.nextInt(3), 40, 40);
        int channels = shape.dimension(0);
        for (int i = random.nextInt(4); i > 0; i--) {
            Layer layer = imageLayer(random, channels);
            channels = layer instanceof Layer.Conv2d conv ? conv.filters() : channels;
            layers.add(layer);
        }
        if (random.nextInt(3) == 0) {
            layers.add(new Pooling.GlobalAvgPool());
        }
        layers.add(new Layer.Flatten());
        for (int i = random.nextInt(4); i > 0; i--) {
            layers.add(vectorLayer(random));
        }
        return ModelSpec.sequential(shape, layers);
    }

    private static ModelSpec graph(RandomGenerator random) {
        Input image = new Input("image", Shape.of(3, 8, 8));
        Input table = new Input("table", Shape.of(5));
        List<Node> nodes = new ArrayList<>();
        nodes.add(new Node("flat", new Layer.Flatten(), List.of("image")));
        nodes.add(new Node("both", new Layer.Concat(), List.of("flat", "table")));
        nodes.add(new Node("null", Layer.Dense.of(7), List.of("both")));
        nodes.add(new Node("7_a-b", vectorLayer(random), List.of("null")));
        nodes.add(new Node("squeezed", Layer.Dense.of(7), List.of("7_a-b")));
        nodes.add(new Node(
                "true", random.nextBoolean() ? new Layer.Add() : new Layer.Multiply(), List.of("null", "squeezed")));
        nodes.add(new Node("moved", rearrangement(random), List.of("image")));
        Node first = new Node("first", Layer.Dense.of(7), List.of("true"));
        Node second = new Node("second", Layer.Dense.of(7), List.of("first"));
        nodes.add(random.nextBoolean() ? first : first.asFrozen());
        nodes.add(random.nextBoolean() ? second : second.sharing("first"));
        String output = List.of("true", "squeezed", "second").get(random.nextInt(3));
        return new ModelSpec(List.of(image, table), nodes, output);
    }

    private static ModelSpec text(RandomGenerator random) {
        List<Layer> layers = new ArrayList<>();
        layers.add(new Sequence.Embedding(1 + random.nextInt(1000), 6));
        layers.add(new Sequence.PositionalEmbedding());
        layers.add(new Sequence.SelfAttention(List.of(1, 2, 3, 6).get(random.nextInt(4)), random.nextBoolean()));
        layers.add(
                random.nextBoolean()
                        ? new Sequence.Lstm(1 + random.nextInt(9), true)
                        : new Sequence.Gru(1 + random.nextInt(9), true));
        layers.add(
                random.nextBoolean()
                        ? new Sequence.Lstm(1 + random.nextInt(9), false)
                        : new Sequence.Gru(1 + random.nextInt(9), false));
        return ModelSpec.sequential(Shape.of(1 + random.nextInt(20)), layers);
    }

    /** For an input of shape (3, 8, 8). */
    private static Layer rearrangement(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Rearrangement.Reshape(Shape.of(2, 96));
            case 1 -> new Rearrangement.Transpose(List.of(2, 0, 1));
            case 2 -> {
                int from = random.nextInt(8);
                yield new Rearrangement.Slice(1 + random.nextInt(2), from, from + 1 + random.nextInt(8 - from));
            }
            default ->
                new Rearrangement.Pad(
                        List.of(random.nextInt(3), 0, 1), List.of(0, random.nextInt(3), 0), rate(random) - 1);
        };
    }

    private static Layer imageLayer(RandomGenerator random, int channels) {
        int height = 1 + random.nextInt(3);
        int width = 1 + random.nextInt(3);
        Window window = new Window(
                height,
                width,
                1 + random.nextInt(2),
                1 + random.nextInt(2),
                random.nextInt(height / 2 + 1),
                random.nextInt(width / 2 + 1));
        Initializer initializer = INITIALIZERS.get(random.nextInt(INITIALIZERS.size()));
        return switch (random.nextInt(7)) {
            case 0 -> new Layer.MaxPool2d(window);
            case 1 -> new Layer.AvgPool2d(window);
            case 2 -> new Layer.Activation(new ActivationFunction.Relu());
            case 4 -> normalization(random, channels);
            case 3 -> new Pooling.AdaptiveAvgPool2d(20 + random.nextInt(9), 20 + random.nextInt(9));
            default -> {
                int groups = random.nextInt(4) == 0 ? channels : 1;
                Window holed = window.dilated(1 + random.nextInt(2), 1 + random.nextInt(2));
                yield new Layer.Conv2d(
                        groups * (1 + random.nextInt(8)), holed, groups, random.nextBoolean(), initializer);
            }
        };
    }

    private static Layer normalization(RandomGenerator random, int channels) {
        return switch (random.nextInt(4)) {
            case 0 -> new Normalization.BatchNorm(1 - random.nextDouble(), rate(random));
            case 1 -> new Normalization.GroupNorm(random.nextBoolean() ? 1 : channels, rate(random));
            case 2 -> new Normalization.InstanceNorm(rate(random));
            default -> new Normalization.LayerNorm(1 + random.nextInt(3), rate(random));
        };
    }

    private static Layer vectorLayer(RandomGenerator random) {
        Initializer initializer = INITIALIZERS.get(random.nextInt(INITIALIZERS.size()));
        return switch (random.nextInt(13)) {
            case 0 ->
                new Layer.Activation(
                        new ActivationFunction.LeakyRelu(random.nextBoolean() ? -0.0 : random.nextDouble()));
            case 1 -> new Layer.Activation(new ActivationFunction.Elu(rate(random)));
            case 2 -> new Layer.Activation(new ActivationFunction.Tanh());
            case 3 -> new Layer.Activation(new ActivationFunction.Sigmoid());
            case 4 -> new Layer.Activation(new ActivationFunction.Softplus());
            case 5 -> new Layer.Softmax();
            case 6 -> new Layer.Dropout(random.nextDouble());
            case 7 -> new Layer.Activation(new ActivationFunction.Gelu(random.nextBoolean()));
            case 8 -> new Layer.Activation(new ActivationFunction.Silu());
            case 9 -> new Layer.Activation(new ActivationFunction.Hardtanh(-rate(random), rate(random)));
            case 10 -> new Layer.Activation(new ActivationFunction.Relu6());
            default -> new Layer.Dense(1 + random.nextInt(100), random.nextBoolean(), initializer);
        };
    }
}
