/** Studies on a cluster of Apache Spark: its executors do what sites do, and the driver does the rounds. */
@NullMarked
package dev.tacita.simulations.spark;

import org.jspecify.annotations.NullMarked;
