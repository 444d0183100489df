package dev.tacita.engine.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import java.util.Optional;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;

/** The gradient of weight and bias, for one number of images; it can be added to that of the images before. */
final class OneDnnCollect {
    private final convolution_backward_weights primitive;
    private final IntMemoryMap operands = new IntMemoryMap();
    private final OneDnnTensor images;
    private final OneDnnTensor outputs;
    private final OneDnnTensor weight;
    private final Optional<OneDnnTensor> bias;

    OneDnnCollect(OneDnnProblem problem, OneDnnBlocks blocks) {
        convolution_backward_weights.primitive_desc description = problem.collect();
        images = OneDnnTensor.read(problem.processor(), blocks.images(), problem.images(), description.src_desc());
        outputs = OneDnnTensor.read(
                problem.processor(), blocks.outputs(), problem.outputs(), description.diff_dst_desc());
        weight = OneDnnTensor.summed(
                problem.processor(), blocks.weight(), problem.weight(), description.diff_weights_desc());
        bias = problem.bias()
                ? Optional.of(OneDnnTensor.summed(
                        problem.processor(), blocks.bias(), problem.biases(), description.diff_bias_desc()))
                : Optional.empty();
        operands.put(DNNL_ARG_SRC, images.memory());
        operands.put(DNNL_ARG_DIFF_DST, outputs.memory());
        operands.put(DNNL_ARG_DIFF_WEIGHTS, weight.memory());
        if (bias.isPresent()) {
            operands.put(DNNL_ARG_DIFF_BIAS, bias.get().memory());
        }
        operands.put(DNNL_ARG_SCRATCHPAD, new memory(description.scratchpad_desc(), problem.processor()));
        primitive = new convolution_backward_weights(description);
    }

    void run(stream queue, boolean accumulate) {
        images.arrange(queue);
        outputs.arrange(queue);
        primitive.execute(queue, operands);
        bring(weight, queue, accumulate);
        if (bias.isPresent()) {
            bring(bias.get(), queue, accumulate);
        }
    }

    private static void bring(OneDnnTensor sum, stream queue, boolean accumulate) {
        if (accumulate) {
            sum.add(queue);
        } else {
            sum.restore(queue);
        }
    }
}
