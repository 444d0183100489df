/** Mechanisms: answers with noise, each with the guarantee it gives and the neighbours it gives it for. */
@NullMarked
package dev.tacita.dp.mechanism;

import org.jspecify.annotations.NullMarked;
