package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Adversary;
import java.util.ArrayList;
import java.util.List;

/**
 * What a site asks of the terms before it takes part; no default.
 *
 * @param minimumSites the sum must be of at least so many, at least 2; a sum of two tells each what the other sent
 * @param adversary the terms must withstand at least this aggregator
 * @param corrupted together with at least so many corrupted sites, at least 0
 */
public record SiteRules(int minimumSites, Adversary adversary, int corrupted) {
    public SiteRules {
        requireNonNull(adversary, "adversary is null");
        if (minimumSites < 2 || corrupted < 0) {
            throw new IllegalArgumentException("minimumSites must be >= 2 and corrupted >= 0. Provided values: "
                    + minimumSites + ", " + corrupted);
        }
    }

    List<Problem> problemsWith(RoundTerms terms) {
        List<Problem> problems = new ArrayList<>();
        if (terms.minimumSites() < minimumSites) {
            problems.add(Problem.of(
                    "minimum-sites",
                    "the site asks for at least " + minimumSites + ". Provided value: " + terms.minimumSites()));
        }
        if (terms.sharing().adversary().compareTo(adversary) < 0) {
            problems.add(Problem.of(
                    "adversary",
                    "the site asks for protection against " + adversary + ". Provided value: "
                            + terms.sharing().adversary()));
        }
        if (terms.sharing().corrupted() < corrupted) {
            problems.add(Problem.of(
                    "corrupted",
                    "the site asks for at least " + corrupted + ". Provided value: "
                            + terms.sharing().corrupted()));
        }
        return problems;
    }

    void check(RoundTerms terms, Octets aggregatorKey, SiteRegistry registry) {
        List<Problem> problems = problemsWith(terms);
        if (!terms.aggregatorKey().equals(aggregatorKey)) {
            problems.add(Problem.of("aggregator-key", "must be the one that the site knows"));
        }
        terms.sites().stream()
                .filter(site -> registry.key(site).isEmpty())
                .forEach(site -> problems.add(
                        Problem.of("sites", "every site must be in the site's registry. Not there: '" + site + "'")));
        if (!problems.isEmpty()) {
            throw new ProblemsException("the terms of the round, at the site", problems);
        }
    }
}
