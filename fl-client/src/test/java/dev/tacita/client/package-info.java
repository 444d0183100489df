/** Tests of the site agent and the client SDK. */
@NullMarked
package dev.tacita.client;

import org.jspecify.annotations.NullMarked;
