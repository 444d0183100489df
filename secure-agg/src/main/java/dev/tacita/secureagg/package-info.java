/** Secure aggregation: state machines with which the aggregator learns the sum of the sites' vectors and nothing else. */
@NullMarked
package dev.tacita.secureagg;

import org.jspecify.annotations.NullMarked;
