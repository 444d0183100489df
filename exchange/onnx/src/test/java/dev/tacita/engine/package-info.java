/** What the tests of ONNX files need of the engine's inside. */
@NullMarked
package dev.tacita.engine;

import org.jspecify.annotations.NullMarked;
