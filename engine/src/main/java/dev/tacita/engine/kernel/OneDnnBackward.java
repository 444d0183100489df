package dev.tacita.engine.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;

/** The signal at the images from the one at the outputs, for one number of images. */
final class OneDnnBackward implements OneDnnDirection {
    private final convolution_backward_data primitive;
    private final IntMemoryMap operands = new IntMemoryMap();
    private final OneDnnTensor images;
    private final OneDnnTensor weight;
    private final OneDnnTensor outputs;

    OneDnnBackward(OneDnnProblem problem, OneDnnBlocks blocks) {
        convolution_backward_data.primitive_desc description = problem.backward();
        images = OneDnnTensor.written(
                problem.processor(), blocks.images(), problem.images(), description.diff_src_desc());
        weight = OneDnnTensor.read(problem.processor(), blocks.weight(), problem.weight(), description.weights_desc());
        outputs = OneDnnTensor.read(
                problem.processor(), blocks.outputs(), problem.outputs(), description.diff_dst_desc());
        operands.put(DNNL_ARG_DIFF_SRC, images.memory());
        operands.put(DNNL_ARG_WEIGHTS, weight.memory());
        operands.put(DNNL_ARG_DIFF_DST, outputs.memory());
        operands.put(DNNL_ARG_SCRATCHPAD, new memory(description.scratchpad_desc(), problem.processor()));
        primitive = new convolution_backward_data(description);
    }

    @Override
    public void begin(stream queue) {
        weight.arrange(queue);
    }

    @Override
    public void run(stream queue) {
        outputs.arrange(queue);
        primitive.execute(queue, operands);
        images.restore(queue);
    }
}
