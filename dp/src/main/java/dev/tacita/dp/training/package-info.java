/** Private training: sampling, clipping, noise and accounting in objects of one piece, for examples and for sites. */
@NullMarked
package dev.tacita.dp.training;

import org.jspecify.annotations.NullMarked;
