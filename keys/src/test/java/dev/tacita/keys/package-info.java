@NullMarked
package dev.tacita.keys;

import org.jspecify.annotations.NullMarked;
