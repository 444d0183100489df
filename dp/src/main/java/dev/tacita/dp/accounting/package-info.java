/** Accountants: what a tree of mechanisms has revealed at most, as (epsilon, delta), and how much noise a budget asks for. */
@NullMarked
package dev.tacita.dp.accounting;

import org.jspecify.annotations.NullMarked;
