/** Models and their parameters out of and into ONNX files. */
@NullMarked
package dev.tacita.onnx;

import org.jspecify.annotations.NullMarked;
