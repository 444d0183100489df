/** Kernels of the engine on ND4J. */
@NullMarked
package dev.tacita.nd4j;

import org.jspecify.annotations.NullMarked;
