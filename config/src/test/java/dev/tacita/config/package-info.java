/** Tests of the reading of configuration. */
@NullMarked
package dev.tacita.config;

import org.jspecify.annotations.NullMarked;
