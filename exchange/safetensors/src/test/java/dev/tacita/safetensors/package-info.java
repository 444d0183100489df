/** Safetensors files against golden bytes and whoever damages them. */
@NullMarked
package dev.tacita.safetensors;

import org.jspecify.annotations.NullMarked;
