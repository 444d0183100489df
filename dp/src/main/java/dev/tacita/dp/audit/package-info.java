/** Audits: attacks on what was trained, and the epsilon that their success proves it to have at least. */
@NullMarked
package dev.tacita.dp.audit;

import org.jspecify.annotations.NullMarked;
