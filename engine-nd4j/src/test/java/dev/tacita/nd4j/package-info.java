/** Nd4jKernels against the contract of kernels, Nd4jTrainer against the engine. */
@NullMarked
package dev.tacita.nd4j;

import org.jspecify.annotations.NullMarked;
