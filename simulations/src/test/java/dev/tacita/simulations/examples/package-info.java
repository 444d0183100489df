@NullMarked
package dev.tacita.simulations.examples;

import org.jspecify.annotations.NullMarked;
