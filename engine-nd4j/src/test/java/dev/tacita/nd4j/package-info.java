/** Nd4jKernels against the contract of kernels. */
@NullMarked
package dev.tacita.nd4j;

import org.jspecify.annotations.NullMarked;
