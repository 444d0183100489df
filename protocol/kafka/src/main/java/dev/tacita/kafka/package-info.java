/** A federation's logs as topics of an Apache Kafka cluster. */
@NullMarked
package dev.tacita.kafka;

import org.jspecify.annotations.NullMarked;
