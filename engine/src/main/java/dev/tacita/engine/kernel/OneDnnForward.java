package dev.tacita.engine.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;

/** Outputs from images and weight, for one number of images. */
final class OneDnnForward implements OneDnnDirection {
    private final convolution_forward primitive;
    private final IntMemoryMap operands = new IntMemoryMap();
    private final OneDnnTensor images;
    private final OneDnnTensor weight;
    private final OneDnnTensor outputs;

    OneDnnForward(OneDnnProblem problem, OneDnnBlocks blocks) {
        convolution_forward.primitive_desc description = problem.forward();
        images = OneDnnTensor.read(problem.processor(), blocks.images(), problem.images(), description.src_desc());
        weight = OneDnnTensor.read(problem.processor(), blocks.weight(), problem.weight(), description.weights_desc());
        outputs =
                OneDnnTensor.written(problem.processor(), blocks.outputs(), problem.outputs(), description.dst_desc());
        operands.put(DNNL_ARG_SRC, images.memory());
        operands.put(DNNL_ARG_WEIGHTS, weight.memory());
        if (problem.bias()) {
            operands.put(
                    DNNL_ARG_BIAS,
                    new memory(
                            problem.biases(), problem.processor(), blocks.bias().pointer()));
        }
        operands.put(DNNL_ARG_DST, outputs.memory());
        operands.put(DNNL_ARG_SCRATCHPAD, new memory(description.scratchpad_desc(), problem.processor()));
        primitive = new convolution_forward(description);
    }

    @Override
    public void begin(stream queue) {
        weight.arrange(queue);
    }

    @Override
    public void run(stream queue) {
        images.arrange(queue);
        primitive.execute(queue, operands);
        outputs.restore(queue);
    }
}
