/** Tests of this package. */
@NullMarked
package dev.tacita.core.number;

import org.jspecify.annotations.NullMarked;
