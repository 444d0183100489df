package dev.tacita.simulations;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.LossMoments;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Power-of-choice (Cho, Wang and Joshi 2020, section 3, pow-d): candidates are drawn by size, measure the model on their
 * training examples, and those with the largest mean loss are asked.
 *
 * @param candidates d, at least 1; not fewer than a round asks, not more than there are sites
 */
public record PowerOfChoice(int candidates) implements Selection {
    public PowerOfChoice {
        if (candidates < 1) {
            throw new IllegalArgumentException("candidates must be >= 1. Provided value: " + candidates);
        }
    }

    @Override
    public List<Problem> problemsWith(int cohort, int sites) {
        return candidates >= cohort && candidates <= sites
                ? List.of()
                : List.of(Problem.of(
                        "selection",
                        "candidates must be at least the " + cohort + " sites that a round asks, and at most the "
                                + sites + " sites there are. Provided value: " + candidates + "."));
    }

    private record Candidate(int site, double loss) {}

    @Override
    public boolean asksLosses() {
        return true;
    }

    @Override
    public CohortChooser begin(RunPlan plan, Population population) {
        return (round, reports) -> {
            int[] drawn = BySize.draw(
                            population,
                            SeedStream.of(plan.seed())
                                    .derive("cohort")
                                    .derive(round)
                                    .derive("power-of-choice")
                                    .random(),
                            candidates)
                    .stream()
                    .mapToInt(Integer::intValue)
                    .sorted()
                    .toArray();
            List<LossMoments> losses = reports.losses(drawn);
            return IntStream.range(0, drawn.length)
                    .mapToObj(i -> new Candidate(drawn[i], losses.get(i).mean()))
                    .sorted(Comparator.comparingDouble(Candidate::loss).reversed())
                    .limit(cohortSize(plan, population.size()))
                    .mapToInt(Candidate::site)
                    .sorted()
                    .toArray();
        };
    }
}
