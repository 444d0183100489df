/** The command as users meet it: real processes, a real broker, real files. */
@NullMarked
package dev.tacita.cli;

import org.jspecify.annotations.NullMarked;
