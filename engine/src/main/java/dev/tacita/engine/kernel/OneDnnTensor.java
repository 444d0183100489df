package dev.tacita.engine.kernel;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import java.util.Optional;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;

/** A tensor in native memory, once as the heap has it and once in the layout that a computation asked for. */
final class OneDnnTensor {
    private record Move(reorder how, IntMemoryMap operands) {
        static Move of(memory from, memory to, primitive_attr attributes) {
            reorder.primitive_desc description = new reorder.primitive_desc(from, to, attributes, false);
            IntMemoryMap operands = new IntMemoryMap();
            operands.put(DNNL_ARG_SRC, from);
            operands.put(DNNL_ARG_DST, to);
            operands.put(DNNL_ARG_SCRATCHPAD, new memory(description.scratchpad_desc(), from.get_engine()));
            return new Move(new reorder(description), operands);
        }

        void run(stream queue) {
            how.execute(queue, operands);
        }
    }

    private final memory arranged;
    private final Optional<Move> in;
    private final Optional<Move> out;
    private final Optional<Move> sum;

    private OneDnnTensor(memory arranged, Optional<Move> in, Optional<Move> out, Optional<Move> sum) {
        this.arranged = arranged;
        this.in = in;
        this.out = out;
        this.sum = sum;
    }

    /** One that the computation reads; the same memory if the heap's layout is the one asked for. */
    static OneDnnTensor read(engine processor, NativeBlock block, memory.desc plain, memory.desc wanted) {
        memory heap = new memory(plain, processor, block.pointer());
        if (plain.equals(wanted)) {
            return new OneDnnTensor(heap, Optional.empty(), Optional.empty(), Optional.empty());
        }
        memory arranged = new memory(wanted, processor);
        Move in = Move.of(heap, arranged, OneDnnProblem.attributes());
        return new OneDnnTensor(arranged, Optional.of(in), Optional.empty(), Optional.empty());
    }

    /** One that the computation writes; the same memory if the heap's layout is the one asked for. */
    static OneDnnTensor written(engine processor, NativeBlock block, memory.desc plain, memory.desc wanted) {
        memory heap = new memory(plain, processor, block.pointer());
        if (plain.equals(wanted)) {
            return new OneDnnTensor(heap, Optional.empty(), Optional.empty(), Optional.empty());
        }
        memory arranged = new memory(wanted, processor);
        Move out = Move.of(arranged, heap, OneDnnProblem.attributes());
        return new OneDnnTensor(arranged, Optional.empty(), Optional.of(out), Optional.empty());
    }

    /** One that is added up over several computations. */
    static OneDnnTensor summed(engine processor, NativeBlock block, memory.desc plain, memory.desc wanted) {
        memory heap = new memory(plain, processor, block.pointer());
        memory arranged = new memory(wanted, processor);
        post_ops addition = new post_ops();
        addition.append_sum();
        primitive_attr adding = OneDnnProblem.attributes();
        adding.set_post_ops(addition);
        return new OneDnnTensor(
                arranged,
                Optional.empty(),
                Optional.of(Move.of(arranged, heap, OneDnnProblem.attributes())),
                Optional.of(Move.of(arranged, heap, adding)));
    }

    memory memory() {
        return arranged;
    }

    /** Brings what lies in the block into the layout of the computation. */
    void arrange(stream queue) {
        if (in.isPresent()) {
            in.get().run(queue);
        }
    }

    /** Brings what the computation wrote into the block. */
    void restore(stream queue) {
        if (out.isPresent()) {
            out.get().run(queue);
        }
    }

    /** Adds what the computation wrote to the block. */
    void add(stream queue) {
        sum.orElseThrow().run(queue);
    }
}
