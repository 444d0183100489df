package dev.tacita.cli;

import dev.tacita.core.Problem;
import dev.tacita.dp.accounting.Accountant;
import dev.tacita.dp.accounting.Accountants;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.ledger.BudgetAccountant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a guarantee is about, as the options say it. */
final class WantedGuarantee {
    @Option(
            names = "--delta",
            paramLabel = "D",
            required = true,
            description = "Of (epsilon, delta); clearly less than 1 / examples, or 0. Required.")
    private double delta;

    @Option(
            names = "--relation",
            paramLabel = "RELATION",
            required = true,
            converter = RelationWord.class,
            description = "Which data sets it holds apart: add-or-remove-one, replace-one or zero-out-one. Required.")
    private NeighbouringRelation relation;

    @Option(
            names = "--accountant",
            paramLabel = "NAME",
            converter = AccountantWord.class,
            description = "rdp, pld, prv, gdp or zcdp. Else: the tightest upper bound, by name.")
    private @Nullable BudgetAccountant accountant;

    static final class RelationWord implements ITypeConverter<NeighbouringRelation> {
        @Override
        public NeighbouringRelation convert(String word) {
            try {
                return NeighbouringRelation.of(word);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    static final class AccountantWord implements ITypeConverter<BudgetAccountant> {
        @Override
        public BudgetAccountant convert(String word) {
            try {
                return BudgetAccountant.of(word);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    void collect(List<Problem> problems) {
        if (!(delta >= 0 && delta < 1)) {
            problems.add(Problem.of("--delta", "it must be 0 or more and below 1; it is " + delta + "."));
        }
    }

    double delta() {
        return delta;
    }

    NeighbouringRelation relation() {
        return relation;
    }

    /** The accountant that was named, or the one that takes the tightest upper bound. */
    Accountant accountant() {
        return accountant == null ? Accountants.tightest(relation) : accountant.under(relation);
    }
}
