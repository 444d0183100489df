/** k-anonymity: tables of counts and of rows made coarse or incomplete enough that no small group of people is seen. */
@NullMarked
package dev.tacita.dp.anonymity;

import org.jspecify.annotations.NullMarked;
