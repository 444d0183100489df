/** Exact sums on fixed-point numbers, and random draws from named seed streams. */
@NullMarked
package dev.tacita.core.number;

import org.jspecify.annotations.NullMarked;
