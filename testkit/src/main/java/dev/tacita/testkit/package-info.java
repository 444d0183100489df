/** Contracts that every implementation must keep, and parties that do not keep to the rules. */
@NullMarked
package dev.tacita.testkit;

import org.jspecify.annotations.NullMarked;
