/** Named tensors out of and into safetensors files. */
@NullMarked
package dev.tacita.safetensors;

import org.jspecify.annotations.NullMarked;
