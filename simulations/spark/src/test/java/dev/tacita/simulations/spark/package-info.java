@NullMarked
package dev.tacita.simulations.spark;

import org.jspecify.annotations.NullMarked;
