/** Aggregation rules: what becomes of the updates of a round where some may be hostile. */
@NullMarked
package dev.tacita.core.aggregation;

import org.jspecify.annotations.NullMarked;
