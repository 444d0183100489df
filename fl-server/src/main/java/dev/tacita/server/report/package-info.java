/** What is kept of a run: its history, the files of its run directory, and the report that people read. */
@NullMarked
package dev.tacita.server.report;

import org.jspecify.annotations.NullMarked;
