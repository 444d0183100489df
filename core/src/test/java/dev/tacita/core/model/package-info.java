/** Tests of this package. */
@NullMarked
package dev.tacita.core.model;

import org.jspecify.annotations.NullMarked;
