/** Optimizers: what turns gradients into steps, at a site and at the aggregator. */
@NullMarked
package dev.tacita.core.optimizer;

import org.jspecify.annotations.NullMarked;
