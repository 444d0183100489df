package dev.tacita.engine.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;

/** A tensor laid out anew. */
record OneDnnMove(reorder how, IntMemoryMap operands) {
    static OneDnnMove of(memory from, memory to) {
        return of(from, to, OneDnnProblem.attributes());
    }

    static OneDnnMove of(memory from, memory to, primitive_attr attributes) {
        reorder.primitive_desc description = new reorder.primitive_desc(from, to, attributes, false);
        IntMemoryMap operands = new IntMemoryMap();
        operands.put(DNNL_ARG_SRC, from);
        operands.put(DNNL_ARG_DST, to);
        operands.put(DNNL_ARG_SCRATCHPAD, new memory(description.scratchpad_desc(), from.get_engine()));
        return new OneDnnMove(new reorder(description), operands);
    }

    void run(stream queue) {
        how.execute(queue, operands);
    }
}
