/** A region: a site of one federation that is the aggregator of another. */
@NullMarked
package dev.tacita.region;

import org.jspecify.annotations.NullMarked;
