/** The site agent and the client SDK: a hospital's data, its training, its policy. */
@NullMarked
package dev.tacita.client;

import org.jspecify.annotations.NullMarked;
