/** The one {@code tacita} command: the parts of a federation, and demonstrations of the whole. */
@NullMarked
package dev.tacita.cli;

import org.jspecify.annotations.NullMarked;
