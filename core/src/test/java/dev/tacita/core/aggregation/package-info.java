@NullMarked
package dev.tacita.core.aggregation;

import org.jspecify.annotations.NullMarked;
