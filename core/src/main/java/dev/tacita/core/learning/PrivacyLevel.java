package dev.tacita.core.learning;

/** Against what a run's noise protects a site, from nothing to the most. A policy asks for a least one. */
public enum PrivacyLevel {
    /** Nothing: updates reveal what they reveal. */
    NONE,
    /** What a site's training rows are, against everybody but the aggregator, which is trusted to add the noise. */
    FEDERATION,
    /** Each single training row, against everybody: the site itself adds the noise. */
    EXAMPLES,
    /** What a site's training rows are, against everybody: the site itself adds the noise. */
    SITE
}
