package dev.tacita.engine.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/** As many products of matrices of one shape as there are in a batch: C = op(A) op(B), or C += op(A) op(B). */
final class OneDnnBatchedProduct {
    private final matmul primitive;
    private final IntMemoryMap operands = new IntMemoryMap();

    OneDnnBatchedProduct(
            engine processor,
            int batch,
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            FloatPointer a,
            FloatPointer b,
            boolean accumulate,
            FloatPointer c) {
        memory.desc left = matrices(batch, m, k, transposeA);
        memory.desc right = matrices(batch, k, n, transposeB);
        memory.desc product = matrices(batch, m, n, false);
        matmul.primitive_desc description =
                new matmul.primitive_desc(new matmul.desc(left, right, product), attributes(accumulate), processor);
        operands.put(DNNL_ARG_SRC, new memory(left, processor, a));
        operands.put(DNNL_ARG_WEIGHTS, new memory(right, processor, b));
        operands.put(DNNL_ARG_DST, new memory(product, processor, c));
        operands.put(DNNL_ARG_SCRATCHPAD, new memory(description.scratchpad_desc(), processor));
        primitive = new matmul(description);
    }

    /** Whether the library has code for batches of small products on this processor. */
    static boolean isFast(engine processor) {
        memory.desc matrices = matrices(2, 16, 16, false);
        matmul.primitive_desc description =
                new matmul.primitive_desc(new matmul.desc(matrices, matrices, matrices), attributes(false), processor);
        return description.impl_info_str().getString().startsWith("brg");
    }

    private static memory.desc matrices(int batch, int rows, int columns, boolean transposed) {
        return new memory.desc(
                new long[] {batch, rows, columns},
                memory.data_type.f32,
                transposed ? memory.format_tag.acb : memory.format_tag.abc);
    }

    private static primitive_attr attributes(boolean accumulate) {
        primitive_attr attributes = OneDnnProblem.attributes();
        if (accumulate) {
            post_ops addition = new post_ops();
            addition.append_sum();
            attributes.set_post_ops(addition);
        }
        return attributes;
    }

    void run(stream queue) {
        primitive.execute(queue, operands);
    }
}
