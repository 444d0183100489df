/** The learning vocabulary: plans, algorithms, the work of a site, and the stages of an update. */
@NullMarked
package dev.tacita.core.learning;

import org.jspecify.annotations.NullMarked;
