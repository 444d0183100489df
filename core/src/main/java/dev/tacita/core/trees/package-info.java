/** Gradient-boosted decision trees that sites grow together from sums of histograms. */
@NullMarked
package dev.tacita.core.trees;

import org.jspecify.annotations.NullMarked;
