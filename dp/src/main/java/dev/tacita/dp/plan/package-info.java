/** What a run plan's privacy comes to: the noise of each step, and what a whole run reveals at most. */
@NullMarked
package dev.tacita.dp.plan;

import org.jspecify.annotations.NullMarked;
