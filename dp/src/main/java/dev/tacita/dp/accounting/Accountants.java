package dev.tacita.dp.accounting;

import dev.tacita.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The accountant to use if one has no reason to choose another. */
public final class Accountants {
    private Accountants() {}

    /**
     * Gives the smallest epsilon or delta that any accountant can guarantee; the guarantee names the accountant that it is from. Only
     * bounds count: approximations by the central limit theorem do not. An event of Gaussian mechanisms only is answered exactly;
     * others by the privacy loss distribution, Rényi divergences or concentrated privacy, whichever is the smallest.
     *
     * @param relation the neighbours that the guarantee must hold apart
     */
    public static Accountant tightest(NeighbouringRelation relation) {
        return new Tightest(relation);
    }

    private record Tightest(NeighbouringRelation relation) implements Accountant {
        @Override
        public String name() {
            return "tightest";
        }

        @Override
        public PrivacyLoss account(Event event) {
            List<PrivacyLoss> losses = new ArrayList<>();
            List<Problem> problems = new ArrayList<>();
            List<Accountant> accountants = List.of(
                    new GdpAccountant(relation),
                    new PldAccountant(relation),
                    new RdpAccountant(relation),
                    new ZcdpAccountant(relation));
            for (Accountant accountant : accountants) {
                try {
                    PrivacyLoss loss = accountant.account(event);
                    if (loss.delta(0).bound()) {
                        losses.add(loss);
                    }
                } catch (UnsupportedEventException e) {
                    e.problems()
                            .forEach(each ->
                                    problems.add(Problem.of(each.place(), accountant.name() + ": " + each.why())));
                }
                if (accountant instanceof GdpAccountant && !losses.isEmpty()) {
                    break;
                }
            }
            if (losses.isEmpty()) {
                throw new UnsupportedEventException(name(), relation, problems);
            }
            return new Smallest(List.copyOf(losses));
        }
    }

    private record Smallest(List<PrivacyLoss> losses) implements PrivacyLoss {
        @Override
        public Guarantee epsilon(double delta) {
            return smallest(loss -> loss.epsilon(delta), Guarantee::epsilon);
        }

        @Override
        public Guarantee delta(double epsilon) {
            return smallest(loss -> loss.delta(epsilon), Guarantee::delta);
        }

        private Guarantee smallest(Function<PrivacyLoss, Guarantee> asked, Function<Guarantee, Double> size) {
            Guarantee best = asked.apply(losses.get(0));
            for (PrivacyLoss loss : losses.subList(1, losses.size())) {
                Guarantee found = asked.apply(loss);
                best = size.apply(found) < size.apply(best) ? found : best;
            }
            return best;
        }
    }
}
