/** Tests of the engine, and a slow interpreter of models in double precision that they compare it with. */
@NullMarked
package dev.tacita.engine;

import org.jspecify.annotations.NullMarked;
