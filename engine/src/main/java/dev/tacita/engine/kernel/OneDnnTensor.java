package dev.tacita.engine.kernel;

import java.util.Optional;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;

/** A tensor in native memory, once as the heap has it and once in the layout that a computation asked for. */
final class OneDnnTensor {
    private final memory arranged;
    private final Optional<OneDnnMove> in;
    private final Optional<OneDnnMove> out;
    private final Optional<OneDnnMove> sum;

    private OneDnnTensor(memory arranged, Optional<OneDnnMove> in, Optional<OneDnnMove> out, Optional<OneDnnMove> sum) {
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
        OneDnnMove in = OneDnnMove.of(heap, arranged);
        return new OneDnnTensor(arranged, Optional.of(in), Optional.empty(), Optional.empty());
    }

    /** One that the computation writes; the same memory if the heap's layout is the one asked for. */
    static OneDnnTensor written(engine processor, NativeBlock block, memory.desc plain, memory.desc wanted) {
        memory heap = new memory(plain, processor, block.pointer());
        if (plain.equals(wanted)) {
            return new OneDnnTensor(heap, Optional.empty(), Optional.empty(), Optional.empty());
        }
        memory arranged = new memory(wanted, processor);
        OneDnnMove out = OneDnnMove.of(arranged, heap);
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
                Optional.of(OneDnnMove.of(arranged, heap)),
                Optional.of(OneDnnMove.of(arranged, heap, adding)));
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
