package dev.tacita.dl4j;

import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Reads the layers of one network, one at a time; everything not supported is reported to the draft. */
final class LayerReader {
    @FunctionalInterface
    private interface Reader {
        List<Reading> read(org.deeplearning4j.nn.conf.layers.Layer layer, String place);
    }

    private final Draft draft;
    private final Map<Class<?>, Reader> readers;
    private Optional<Loss> loss = Optional.empty();

    LayerReader(Draft draft) {
        this.draft = draft;
        this.readers = Map.ofEntries(
                Map.entry(DenseLayer.class, (layer, place) -> dense((DenseLayer) layer, place)),
                Map.entry(OutputLayer.class, (layer, place) -> output((OutputLayer) layer, place)),
                Map.entry(LossLayer.class, (layer, place) -> loss((LossLayer) layer, place)),
                Map.entry(ConvolutionLayer.class, (layer, place) -> convolution((ConvolutionLayer) layer, place)),
                Map.entry(SubsamplingLayer.class, (layer, place) -> List.of(Windows.pooling((SubsamplingLayer) layer))),
                Map.entry(GlobalPoolingLayer.class, (layer, place) -> pooling((GlobalPoolingLayer) layer)),
                Map.entry(BatchNormalization.class, (layer, place) -> List.of(norm((BatchNormalization) layer))),
                Map.entry(
                        ActivationLayer.class,
                        (layer, place) -> activation(((ActivationLayer) layer).getActivationFn(), place)),
                Map.entry(DropoutLayer.class, this::dropout),
                Map.entry(
                        EmbeddingSequenceLayer.class,
                        (layer, place) -> embedding((EmbeddingSequenceLayer) layer, place)),
                Map.entry(LSTM.class, (layer, place) -> lstm((LSTM) layer, true, place)),
                Map.entry(LastTimeStep.class, (layer, place) -> lastTimeStep((LastTimeStep) layer, place)),
                Map.entry(FrozenLayer.class, (layer, place) -> frozen((FrozenLayer) layer, place)),
                Map.entry(
                        FrozenLayerWithBackprop.class,
                        (layer, place) -> asFrozen(((FrozenLayerWithBackprop) layer).getUnderlying(), place)));
    }

    /** The loss of the output layer, if one was read. */
    Optional<Loss> loss() {
        return loss;
    }

    /** What a layer becomes; none if it is not supported, which is then reported. */
    List<Reading> read(org.deeplearning4j.nn.conf.layers.Layer layer, String place) {
        Optional<Reader> reader = Optional.ofNullable(readers.get(layer.getClass()));
        if (reader.isEmpty()) {
            draft.problem(place, "this type of layer is not supported.");
            return List.of();
        }
        if (layer instanceof BaseLayer base) {
            checkTraining(base, place);
        }
        try {
            return reader.get().read(layer, place);
        } catch (IllegalArgumentException | ArithmeticException e) {
            draft.problem(place, e.getMessage() + ".");
            return List.of();
        }
    }

    private void checkTraining(BaseLayer layer, String place) {
        if (Optional.ofNullable(layer.getWeightNoise()).isPresent()) {
            draft.problem(place, "noise on weights is not supported.");
        }
        boolean penalised = !Optional.ofNullable(layer.getRegularization())
                        .orElse(List.of())
                        .isEmpty()
                || !Optional.ofNullable(layer.getRegularizationBias())
                        .orElse(List.of())
                        .isEmpty();
        if (penalised) {
            draft.remark("The network's regularisation is left out: a loss of a plan has no penalty on parameters.");
        }
        if (!Optional.ofNullable(layer.getConstraints()).orElse(List.of()).isEmpty()) {
            draft.remark("The network's constraints on parameters are left out.");
        }
    }

    private List<Reading> dense(DenseLayer layer, String place) {
        if (layer.isHasLayerNorm()) {
            draft.problem(place, "layer normalisation within a dense layer is not supported.");
        }
        return around(layer, place, dense(layer.getNIn(), layer.getNOut(), layer.isHasBias()));
    }

    private static Reading dense(long inputs, long outputs, boolean bias) {
        int units = Math.toIntExact(outputs);
        return shape -> {
            if (shape.rank() != 1) {
                throw new IllegalArgumentException("its input must be a vector. Provided shape: " + shape);
            }
            Reading.check("inputs", inputs, shape.size());
            return List.of(
                    Step.withParts(new Layer.Dense(units, bias, Initializer.GLOROT_UNIFORM), Part.weightAndBias(bias)));
        };
    }

    private List<Reading> convolution(ConvolutionLayer layer, String place) {
        return around(layer, place, Windows.convolution(layer));
    }

    /** Dropout before and the activation after. */
    private List<Reading> around(BaseLayer layer, String place, Reading reading) {
        List<Reading> readings = new ArrayList<>(dropout(layer, place));
        readings.add(reading);
        readings.addAll(activation(layer.getActivationFn(), place));
        return readings;
    }

    private List<Reading> dropout(org.deeplearning4j.nn.conf.layers.Layer layer, String place) {
        var dropout = Optional.ofNullable(layer.getIDropout());
        if (dropout.isEmpty()) {
            return List.of();
        }
        boolean plain = dropout.get() instanceof Dropout known
                && Optional.ofNullable(known.getPSchedule()).isEmpty();
        if (!plain) {
            draft.problem(
                    place,
                    "dropout must be the plain one at a fixed rate. Provided value: "
                            + dropout.get().getClass().getSimpleName() + ".");
            return List.of();
        }
        double kept = ((Dropout) dropout.get()).getP();
        return List.of(Reading.of(Step.of("dropout", new Layer.Dropout(1 - kept))));
    }

    private List<Reading> activation(IActivation theirs, String place) {
        Optional<List<Layer>> layers = Activations.read(theirs);
        if (layers.isEmpty()) {
            draft.problem(place, "its activation is not supported. Provided value: " + theirs + ".");
        }
        return layers.orElse(List.of()).stream()
                .map(layer -> layer instanceof Layer.Softmax ? softmax() : Reading.of(Step.of("activation", layer)))
                .toList();
    }

    private static Reading softmax() {
        return shape -> {
            if (shape.rank() == 3) {
                throw new IllegalArgumentException("a softmax over the channels of images is not supported");
            }
            return List.of(Step.of("activation", new Layer.Softmax()));
        };
    }

    private List<Reading> output(OutputLayer layer, String place) {
        List<Reading> readings = new ArrayList<>(dropout(layer, place));
        readings.add(dense(layer.getNIn(), layer.getNOut(), layer.isHasBias()));
        readings.addAll(end(layer.getLossFn(), layer.getActivationFn(), place));
        return readings;
    }

    private List<Reading> loss(LossLayer layer, String place) {
        return end(layer.getLossFn(), layer.getActivationFn(), place);
    }

    private List<Reading> end(ILossFunction theirs, IActivation activation, String place) {
        Optional<Losses.Read> read = Losses.read(theirs, activation);
        if (read.isEmpty()) {
            draft.problem(
                    place,
                    "its loss with its activation is not supported. Provided value: "
                            + theirs.getClass().getSimpleName() + " after " + activation + ".");
            return List.of();
        }
        loss = Optional.of(read.get().loss());
        if (!read.get().takesActivation()) {
            return activation(activation, place);
        }
        draft.remark("The outputs are those before the " + activation + " of the output layer, which is a part of the"
                + " loss " + read.get().loss().name() + ".");
        return List.of();
    }

    private static List<Reading> pooling(GlobalPoolingLayer layer) {
        if (layer.getPoolingType() != PoolingType.AVG) {
            throw new IllegalArgumentException("pooling must be by AVG. Provided value: " + layer.getPoolingType());
        }
        Optional<int[]> over = Optional.ofNullable(layer.getPoolingDimensions());
        return List.of(shape -> {
            int[] all = shape.rank() == 2 ? new int[] {2} : new int[] {2, 3};
            if (over.isPresent() && !Arrays.equals(over.get(), all)) {
                throw new IllegalArgumentException("pooling must be over all steps or the whole image. Provided value: "
                        + Arrays.toString(over.get()));
            }
            return shape.rank() == 2 ? meanOverSteps(shape) : meanOverImage(layer);
        });
    }

    private static List<Step> meanOverImage(GlobalPoolingLayer layer) {
        var mean = Step.of("", new Pooling.GlobalAvgPool());
        return layer.isCollapseDimensions() ? List.of(mean, Step.of("flat", new Layer.Flatten())) : List.of(mean);
    }

    private static List<Step> meanOverSteps(Shape shape) {
        int steps = shape.dimension(0);
        return List.of(
                Step.of("image", new Rearrangement.Reshape(Shape.of(1, steps, shape.dimension(1)))),
                Step.of("", new Layer.AvgPool2d(new Window(steps, 1, 1, 1, 0, 0))),
                Step.of("flat", new Layer.Flatten()));
    }

    private Reading norm(BatchNormalization layer) {
        if (layer.isLockGammaBeta()) {
            throw new IllegalArgumentException("a batch normalisation must have its own gamma and beta");
        }
        if (layer.getCnn2DFormat() != CNN2DFormat.NCHW) {
            throw new IllegalArgumentException("images must be NCHW. Provided value: " + layer.getCnn2DFormat());
        }
        draft.remark("In training DL4J moves the running variance of a batch normalisation towards the biased variance"
                + " of a batch, the engine towards the unbiased one.");
        var variance = new Part("running-variance", layer.isUseLogStd() ? Arrangement.LOG_DEVIATION : Arrangement.SAME);
        var parts = List.of(Part.same("weight"), Part.same("bias"), Part.same("running-mean"), variance);
        var norm = new Normalization.BatchNorm(1 - layer.getDecay(), layer.getEps());
        return shape -> {
            if (shape.rank() == 2) {
                throw new IllegalArgumentException("a batch normalisation of sequences is not supported");
            }
            Reading.check("channels", layer.getNOut(), shape.dimension(0));
            return List.of(Step.withParts(norm, parts));
        };
    }

    private List<Reading> embedding(EmbeddingSequenceLayer layer, String place) {
        if (layer.isHasBias() || Optional.ofNullable(layer.getIDropout()).isPresent()) {
            draft.problem(place, "an embedding must have neither bias nor dropout.");
        }
        if (layer.getOutputFormat() != RNNFormat.NCW) {
            draft.problem(place, "sequences must be NCW. Provided value: " + layer.getOutputFormat() + ".");
        }
        var table = new Sequence.Embedding(Math.toIntExact(layer.getNIn()), Math.toIntExact(layer.getNOut()));
        List<Reading> readings = new ArrayList<>();
        readings.add(Reading.of(Step.withParts(table, List.of(new Part("weight", Arrangement.BY_COLUMNS)))));
        readings.addAll(activation(layer.getActivationFn(), place));
        return readings;
    }

    private List<Reading> lstm(LSTM layer, boolean returnSequences, String place) {
        if (!(layer.getActivationFn() instanceof ActivationTanH)
                || !(layer.getGateActivationFn() instanceof ActivationSigmoid)) {
            draft.problem(place, "an LSTM must have tanh as its activation and a sigmoid at its gates.");
        }
        if (layer.getRnnDataFormat() != RNNFormat.NCW) {
            draft.problem(place, "sequences must be NCW. Provided value: " + layer.getRnnDataFormat() + ".");
        }
        draft.remark("DL4J's LSTM has one bias; the model's recurrent bias is zero.");
        List<Part> parts = List.of(
                new Part("input-weight", Arrangement.GATES),
                new Part("recurrent-weight", Arrangement.GATES),
                new Part("input-bias", Arrangement.GATES),
                new Part("recurrent-bias", Arrangement.GATES_AGAIN));
        var lstm = new Sequence.Lstm(Math.toIntExact(layer.getNOut()), returnSequences);
        List<Reading> readings = new ArrayList<>(dropout(layer, place));
        readings.add(shape -> {
            if (shape.rank() != 2) {
                throw new IllegalArgumentException("its input must be a sequence. Provided shape: " + shape);
            }
            Reading.check("inputs", layer.getNIn(), shape.dimension(1));
            return List.of(Step.withParts(lstm, parts));
        });
        return readings;
    }

    private List<Reading> lastTimeStep(LastTimeStep layer, String place) {
        if (layer.getUnderlying().getClass() == LSTM.class) {
            return lstm((LSTM) layer.getUnderlying(), false, place);
        }
        draft.problem(
                place,
                "the last step of such a layer is not supported. Provided value: "
                        + layer.getUnderlying().getClass().getSimpleName() + ".");
        return List.of();
    }

    private List<Reading> frozen(FrozenLayer layer, String place) {
        draft.remark("Training stops at a FrozenLayer in DL4J; in the model, layers before a frozen node are trained"
                + " unless they are frozen too.");
        return asFrozen(layer.getLayer(), place);
    }

    private List<Reading> asFrozen(org.deeplearning4j.nn.conf.layers.Layer layer, String place) {
        return read(layer, place).stream().map(Reading::asFrozen).toList();
    }
}
