/** Models and their parameters out of and into Deeplearning4j, and networks of Deeplearning4j federated as they are. */
@NullMarked
package dev.tacita.dl4j;

import org.jspecify.annotations.NullMarked;
