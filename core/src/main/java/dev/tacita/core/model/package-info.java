/** The model description: a small immutable graph of named nodes that many readers share. */
@NullMarked
package dev.tacita.core.model;

import org.jspecify.annotations.NullMarked;
