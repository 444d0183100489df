package dev.tacita.simulations;

import dev.tacita.core.learning.PrivacyLevel;

/**
 * What all rounds of a run will reveal, known before the first.
 *
 * @param level whether single rows are hidden or all of a site
 * @param epsilon of whoever takes part in all rounds, at most; where single rows are hidden, at the site with the fewest
 * @param delta at which that holds
 * @param leastNoise standard deviation of each step's noise as a multiple of the clipping norm; of the site that adds the least
 * @param mostNoise of the site that adds the most: where rows are hidden at an epsilon, sites of other sizes need other noise
 */
public record RunPrivacy(PrivacyLevel level, double epsilon, double delta, double leastNoise, double mostNoise) {}
