/** Tests of this package. */
@NullMarked
package dev.tacita.core.metric;

import org.jspecify.annotations.NullMarked;
