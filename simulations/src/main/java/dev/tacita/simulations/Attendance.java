package dev.tacita.simulations;

import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Who of a cohort answers a round in time.
 *
 * @param present those that do, by index, ascending
 * @param droppedOut how many do not answer
 * @param late how many miss the deadline
 * @param seconds that the round takes on the population's clock, if it has one
 */
record Attendance(int[] present, int droppedOut, int late, OptionalDouble seconds) {
    static Attendance of(RunPlan plan, Population population, int round, int[] cohort, LocalWork work, long bytes) {
        Optional<VirtualClock> clock = population.clock();
        double deadline = clock.map(VirtualClock::deadline)
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .orElse(Double.POSITIVE_INFINITY);
        List<Integer> present = new ArrayList<>();
        int droppedOut = 0;
        int late = 0;
        double slowest = 0;
        for (int site : cohort) {
            if (dropsOut(plan, population, round, site)) {
                droppedOut++;
                continue;
            }
            double seconds = seconds(plan, population, site, work, bytes).orElse(0);
            if (seconds > deadline) {
                late++;
            } else {
                present.add(site);
                slowest = Math.max(slowest, seconds);
            }
        }
        boolean waits = present.size() < cohort.length && deadline < Double.POSITIVE_INFINITY;
        return new Attendance(
                present.stream().mapToInt(Integer::intValue).toArray(),
                droppedOut,
                late,
                clock.isPresent() ? OptionalDouble.of(waits ? deadline : slowest) : OptionalDouble.empty());
    }

    /** Whether a site does not answer in a round of this number. */
    static boolean dropsOut(RunPlan plan, Population population, int number, int site) {
        Optional<Fault> fault = population.fault(site);
        return fault.isPresent()
                && fault.get() instanceof Fault.DropOut dropOut
                && SeedStream.of(plan.seed())
                                .derive("round")
                                .derive(number)
                                .derive("site")
                                .derive(population.site(site).value())
                                .derive("drop-out")
                                .random()
                                .nextDouble()
                        < dropOut.probability();
    }

    /** How long a site takes for its part of a round; empty if the population has no clock. */
    static OptionalDouble seconds(RunPlan plan, Population population, int site, LocalWork work, long bytes) {
        Optional<VirtualClock> clock = population.clock();
        if (clock.isEmpty()) {
            return OptionalDouble.empty();
        }
        double seconds = clock.get()
                .seconds(
                        rowsTrained(work, population.rows(site)),
                        bytes,
                        SeedStream.of(plan.seed())
                                .derive("clock")
                                .derive(population.site(site).value()));
        Optional<Fault> fault = population.fault(site);
        return OptionalDouble.of(
                fault.isPresent() && fault.get() instanceof Fault.Straggling straggling
                        ? straggling.factor() * seconds
                        : seconds);
    }

    /** How many rows the work of a round goes over, each as often as it does. */
    static long rowsTrained(LocalWork work, int rows) {
        if (work instanceof LocalWork.Train train && train.extent() instanceof LocalWork.Extent.Epochs epochs) {
            return (long) epochs.count() * rows;
        }
        return work instanceof LocalWork.Train train
                ? train.steps(rows) * Math.min(rows, train.batchSize().orElse(rows))
                : rows;
    }
}
