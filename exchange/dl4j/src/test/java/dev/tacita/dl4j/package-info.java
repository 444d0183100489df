/** Tests of the bridge to Deeplearning4j. */
@NullMarked
package dev.tacita.dl4j;

import org.jspecify.annotations.NullMarked;
