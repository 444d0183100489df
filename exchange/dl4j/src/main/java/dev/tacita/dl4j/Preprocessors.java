package dev.tacita.dl4j;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Shape;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;

/** DL4J's changes of shape between layers. */
final class Preprocessors {
    private Preprocessors() {}

    /** Empty if it is none that a description has. */
    static Optional<Reading> read(InputPreProcessor theirs) {
        if (theirs instanceof CnnToFeedForwardPreProcessor flat && flat.getFormat() == CNN2DFormat.NCHW) {
            return Optional.of(shape -> shape.rank() == 1 ? List.of() : flatten(flat, shape));
        }
        if (theirs instanceof FeedForwardToCnnPreProcessor image) {
            return Optional.of(shape ->
                    shape.rank() == 3 ? List.of() : List.of(Step.of("image", new Rearrangement.Reshape(shape(image)))));
        }
        return Optional.empty();
    }

    private static List<Step> flatten(CnnToFeedForwardPreProcessor flat, Shape shape) {
        if (shape.rank() == 3 && flat.getNumChannels() > 0) {
            Reading.check("channels", flat.getNumChannels(), shape.dimension(0));
            Reading.check("rows", flat.getInputHeight(), shape.dimension(1));
            Reading.check("columns", flat.getInputWidth(), shape.dimension(2));
        }
        return List.of(Step.of("flat", new Layer.Flatten()));
    }

    /** The image that it makes. */
    static Shape shape(FeedForwardToCnnPreProcessor image) {
        return Shape.of(
                Math.toIntExact(image.getNumChannels()),
                Math.toIntExact(image.getInputHeight()),
                Math.toIntExact(image.getInputWidth()));
    }
}
