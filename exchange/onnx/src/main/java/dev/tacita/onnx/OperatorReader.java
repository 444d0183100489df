package dev.tacita.onnx;

/** Reads the nodes of one ONNX operator. */
@FunctionalInterface
interface OperatorReader {
    /**
     * What the node gives.
     *
     * @throws IllegalArgumentException if that cannot be read; the message is one sentence without a full stop
     */
    Value read(NodeCall call);
}
