@NullMarked
package dev.tacita.simulations.spark.examples;

import org.jspecify.annotations.NullMarked;
