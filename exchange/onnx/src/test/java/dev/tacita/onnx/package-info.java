/** ONNX files against ONNX Runtime, PyTorch, and whoever damages them. */
@NullMarked
package dev.tacita.onnx;

import org.jspecify.annotations.NullMarked;
