/** Runs the model description: forward pass, gradients, optimizers, and the trainer of a site. */
@NullMarked
package dev.tacita.engine;

import org.jspecify.annotations.NullMarked;
