/** Names and problems that every room speaks of. */
@NullMarked
package dev.tacita.core;

import org.jspecify.annotations.NullMarked;
