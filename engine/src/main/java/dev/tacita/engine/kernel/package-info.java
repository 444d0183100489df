/** The arithmetic that decides how fast a model trains: products and convolutions, in Java and by native libraries. */
@NullMarked
package dev.tacita.engine.kernel;

import org.jspecify.annotations.NullMarked;
