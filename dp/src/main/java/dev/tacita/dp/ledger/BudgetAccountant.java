package dev.tacita.dp.ledger;

import dev.tacita.dp.accounting.Accountant;
import dev.tacita.dp.accounting.GdpAccountant;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.accounting.PldAccountant;
import dev.tacita.dp.accounting.PrvAccountant;
import dev.tacita.dp.accounting.RdpAccountant;
import dev.tacita.dp.accounting.ZcdpAccountant;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who judges what a budget still allows, by a name that stays the same in files.
 *
 * <p>A budget stops a program whose next release may depend on what it saw before. That {@link #ZCDP} bounds such a program, even
 * if the noise of the next release was chosen by looking at earlier ones, follows from Feldman and Zrnic (2021) and Lécuyer (2021):
 * they show it of Rényi divergences at one order that is fixed beforehand, and a limit on the sum of rho has one best order. {@link #RDP} takes
 * the order that is best for what was spent, which looking can change. So for it, {@link #PLD} and {@link #PRV} the events, though not
 * how many of them, must be decided beforehand, as in training with one noise multiplier.
 */
public enum BudgetAccountant {
    /** {@link RdpAccountant} with its own orders and the tight conversion. */
    RDP(RdpAccountant::new),
    /** {@link PldAccountant}. */
    PLD(PldAccountant::new),
    /** {@link PrvAccountant}. */
    PRV(PrvAccountant::new),
    /** {@link GdpAccountant}; a budget takes it for events that compose exactly only. */
    GDP(GdpAccountant::new),
    /** {@link ZcdpAccountant}. */
    ZCDP(ZcdpAccountant::new);

    private final Function<NeighbouringRelation, Accountant> maker;

    BudgetAccountant(Function<NeighbouringRelation, Accountant> maker) {
        this.maker = maker;
    }

    /** The accountant for such neighbours. */
    public Accountant under(NeighbouringRelation relation) {
        return maker.apply(relation);
    }

    /** Its name in files and on the command line, such as {@code rdp}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The accountant of this name.
     *
     * @throws IllegalArgumentException if there is none, naming all there are
     */
    public static BudgetAccountant of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the accountant must be one of "
                        + Arrays.stream(values()).map(BudgetAccountant::word).collect(Collectors.joining(", "))
                        + ". Provided value: '" + word + "'"));
    }
}
