/** Tests of the site agent and its data. */
@NullMarked
package dev.tacita.client;

import org.jspecify.annotations.NullMarked;
