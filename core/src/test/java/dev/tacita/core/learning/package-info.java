/** Tests of this package. */
@NullMarked
package dev.tacita.core.learning;

import org.jspecify.annotations.NullMarked;
