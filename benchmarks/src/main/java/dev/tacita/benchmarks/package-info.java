/** Measurements that anyone can run again: JMH benchmarks, and studies too long for a test. */
@NullMarked
package dev.tacita.benchmarks;

import org.jspecify.annotations.NullMarked;
