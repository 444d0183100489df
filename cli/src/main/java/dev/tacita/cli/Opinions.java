package dev.tacita.cli;

import dev.tacita.dp.accounting.Accountant;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Guarantee;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.accounting.RdpAccountant;
import dev.tacita.dp.accounting.RdpConversion;
import dev.tacita.dp.accounting.UnsupportedEventException;
import dev.tacita.dp.ledger.BudgetAccountant;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What several accountants say of one event. */
record Opinions(List<Opinion> opinions) {
    private static final int DIGITS = 4;

    /** What one says: a guarantee, or why it cannot say. */
    record Opinion(String accountant, Optional<Guarantee> guarantee, String refusal) {
        static Opinion of(Accountant accountant, Event event, double delta) {
            try {
                Guarantee guarantee = accountant.account(event).epsilon(delta);
                return new Opinion(accountant.name(), Optional.of(guarantee), "");
            } catch (UnsupportedEventException e) {
                return new Opinion(
                        accountant.name(), Optional.empty(), e.problems().get(0).why());
            }
        }
    }

    /** Of all accountants, that of Rényi divergences by both of its conversions. */
    static Opinions of(NeighbouringRelation relation, Event event, double delta) {
        List<Opinion> opinions = new ArrayList<>();
        for (BudgetAccountant each : BudgetAccountant.values()) {
            opinions.add(Opinion.of(each.under(relation), event, delta));
            if (each == BudgetAccountant.RDP) {
                opinions.add(Opinion.of(
                        new RdpAccountant(relation, RdpConversion.CLASSICAL, RdpAccountant.defaultOrders()),
                        event,
                        delta));
            }
        }
        return new Opinions(opinions);
    }

    /** A number with a few digits behind the point, never less than it is. */
    static String roundedUp(double number) {
        return rounded(number, RoundingMode.CEILING);
    }

    /** A number with a few digits behind the point, never more than it is. */
    static String roundedDown(double number) {
        return rounded(number, RoundingMode.FLOOR);
    }

    private static String rounded(double number, RoundingMode mode) {
        return number < 1e9
                ? BigDecimal.valueOf(number).setScale(DIGITS, mode).toPlainString()
                : Double.toString(number);
    }

    /** How a guarantee came to be, in words. */
    static String words(Guarantee guarantee) {
        return guarantee.accountant() + ", " + guarantee.method() + ", " + kind(guarantee);
    }

    static String kind(Guarantee guarantee) {
        return guarantee.bound() ? "upper bound" : "approximation, may be too small";
    }
}
