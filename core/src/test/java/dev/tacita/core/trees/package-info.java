/** Tests of this package. */
@NullMarked
package dev.tacita.core.trees;

import org.jspecify.annotations.NullMarked;
