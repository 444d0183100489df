/** One real Kafka broker inside this JVM, for a federation on one machine and for tests. */
@NullMarked
package dev.tacita.kafkalocal;

import org.jspecify.annotations.NullMarked;
