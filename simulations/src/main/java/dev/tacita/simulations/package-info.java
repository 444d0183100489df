/** Studies of federated learning on one machine: how rows are dealt to sites, who trains them, and grids of such runs. */
@NullMarked
package dev.tacita.simulations;

import org.jspecify.annotations.NullMarked;
