package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.CohortDraw;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Draws who is asked. The same plan, round, attempt and sites give the same cohort. */
final class Cohorts {
    /**
     * The most sites in a cohort. What is journaled of each when a round opens and closes is at most some 400 bytes
     * (names of 63 letters, sessions of {@link #MOST_SESSION_BYTES}, reasons of {@link Printable#MOST_BYTES}, all
     * metrics there), so that the message of a round fits in {@link MessageCodec#MAX_HEADER_BYTES}.
     */
    static final int MOST_SITES = 1000;

    /** The longest session of an agent, in bytes of UTF-8. */
    static final int MOST_SESSION_BYTES = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Cohorts.class);

    private Cohorts() {}

    /** Whether a session is short enough for the journal. */
    static boolean accepts(String session) {
        return session.getBytes(StandardCharsets.UTF_8).length <= MOST_SESSION_BYTES;
    }

    /**
     * round(C * n) of the sites, but not fewer than the quorum where there are that many, and not more than
     * {@link #MOST_SITES}, sorted.
     *
     * @param eligible at least one
     */
    static List<SiteId> sample(RunPlan plan, int round, int attempt, SortedSet<SiteId> eligible) {
        int wanted = CohortDraw.size(plan.cohortFraction(), plan.quorum(), eligible.size());
        return draw(plan, round, attempt, eligible, wanted);
    }

    /** All the sites, but not more than {@link #MOST_SITES}, sorted. */
    static List<SiteId> all(RunPlan plan, int round, int attempt, SortedSet<SiteId> eligible) {
        return draw(plan, round, attempt, eligible, eligible.size());
    }

    /**
     * As many of the sites as are to be at work together with those that are; so that never more than {@link #MOST_SITES} have
     * answers that may count. May be none.
     *
     * @param present those that could be asked, at work or not
     * @param atWork those whose answers to earlier rounds may still count, present or not
     */
    static List<SiteId> idle(
            RunPlan plan,
            int concurrency,
            int round,
            int attempt,
            SortedSet<SiteId> present,
            Collection<SiteId> atWork) {
        SortedSet<SiteId> idle = new TreeSet<>(present);
        idle.removeAll(atWork);
        int busy = present.size() - idle.size();
        int wanted = Math.min(concurrency - busy, MOST_SITES - atWork.size());
        return draw(plan, round, attempt, idle, Math.max(0, Math.min(wanted, idle.size())));
    }

    private static int most(RunPlan plan) {
        return plan.protection() instanceof SecureAggregation protection ? protection.mostSites() : MOST_SITES;
    }

    private static List<SiteId> draw(RunPlan plan, int round, int attempt, SortedSet<SiteId> eligible, int wanted) {
        int size = Math.min(wanted, most(plan));
        if (size < wanted) {
            LOG.warn("round {} asks {} of {} sites: no more can be summed, or named in a message", round, size, wanted);
        }
        List<SiteId> sites = List.copyOf(eligible);
        return Arrays.stream(CohortDraw.draw(plan.seed(), plan.algorithm().counted(round), attempt, sites.size(), size))
                .mapToObj(sites::get)
                .toList();
    }
}
