/** Private keys in files that only their owner may read, and the file of the keys that a site or an aggregator trusts. */
@NullMarked
package dev.tacita.keys;

import org.jspecify.annotations.NullMarked;
