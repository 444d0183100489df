/** Tests of the aggregator, with scripted sites over an in-memory transport. */
@NullMarked
package dev.tacita.server;

import org.jspecify.annotations.NullMarked;
