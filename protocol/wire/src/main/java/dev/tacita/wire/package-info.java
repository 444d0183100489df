/** The messages of a federation, their bytes, and the transport they travel on. */
@NullMarked
package dev.tacita.wire;

import org.jspecify.annotations.NullMarked;
