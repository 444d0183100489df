/** Tests of regions. */
@NullMarked
package dev.tacita.region;

import org.jspecify.annotations.NullMarked;
