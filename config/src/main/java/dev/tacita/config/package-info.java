/** Reads YAML files into records and reports every problem of a file at once, each with its place, rule and value. */
@NullMarked
package dev.tacita.config;

import org.jspecify.annotations.NullMarked;
