/** Tests of this package. */
@NullMarked
package dev.tacita.engine.kernel;

import org.jspecify.annotations.NullMarked;
