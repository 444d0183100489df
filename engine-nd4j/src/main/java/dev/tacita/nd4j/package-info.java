/** Training on the device of an ND4J backend, and kernels of the engine there. */
@NullMarked
package dev.tacita.nd4j;

import org.jspecify.annotations.NullMarked;
