/** Metrics as sums, so that sites pool them without sharing rows. */
@NullMarked
package dev.tacita.core.metric;

import org.jspecify.annotations.NullMarked;
