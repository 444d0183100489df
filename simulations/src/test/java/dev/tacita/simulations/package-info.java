@NullMarked
package dev.tacita.simulations;

import org.jspecify.annotations.NullMarked;
