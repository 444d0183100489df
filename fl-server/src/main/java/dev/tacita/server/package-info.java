/** The aggregator: it asks cohorts round by round, adds what they answer exactly, and lives from its log. */
@NullMarked
package dev.tacita.server;

import org.jspecify.annotations.NullMarked;
