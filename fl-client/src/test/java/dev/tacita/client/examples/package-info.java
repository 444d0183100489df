/** How to take part in a federation from code: compiled and run in the build. */
@NullMarked
package dev.tacita.client.examples;

import org.jspecify.annotations.NullMarked;
