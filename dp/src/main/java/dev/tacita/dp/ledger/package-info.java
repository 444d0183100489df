/** The ledger: what was revealed of each data set, on disk before it is revealed, and the budget that no release exceeds. */
@NullMarked
package dev.tacita.dp.ledger;

import org.jspecify.annotations.NullMarked;
