package dev.tacita.simulations;

import dev.tacita.core.learning.AdaFedProx;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.FedNova;
import dev.tacita.core.learning.FedPer;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.NewtonRaphson;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.QFedAvg;
import dev.tacita.core.learning.Scaffold;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.ParameterLayout.Slot;
import dev.tacita.dp.plan.SumNoise.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What noise does to the contributions of an algorithm. Where sites are hidden, all that a site sends is clipped as one vector and
 * gets noise, whatever the site remembers: what it keeps never leaves it, and each round's clip holds whatever that is. Where rows
 * are hidden, all that leaves a site must come from the noisy steps of its training and from its number of rows.
 */
final class PrivateContribution {
    private PrivateContribution() {}

    /** Why the guarantee would not hold, or nothing would be left under the noise; empty if it does and there is. */
    static Optional<String> refusal(FederatedAlgorithm algorithm, PrivacySpec privacy) {
        boolean rows = privacy instanceof PrivacySpec.Examples;
        if (!algorithm.trainsLayers()) {
            return Optional.of("nothing clips what " + algorithm.name() + " sends of a row or a site");
        } else if (algorithm instanceof FedBuff) {
            return Optional.of(
                    "how often fedbuff asks a site follows from its pace, and noise is planned for one answer a round");
        } else if (algorithm instanceof NewtonRaphson) {
            return Optional.of(
                    rows
                            ? "the sums of newton-raphson are of rows as they are, and no noisy step has a part in them"
                            : "a Hessian with noise may have no inverse, which newton-raphson needs");
        } else if (algorithm instanceof QFedAvg) {
            return Optional.of(
                    rows
                            ? "qfedavg sends the loss of a site's rows with its update, which the noise of its steps does not hide"
                            : "qfedavg divides by a sum that noise can bring to zero");
        } else if (algorithm instanceof AdaFedProx) {
            return Optional.of(
                    rows
                            ? "adafedprox sends the loss of a site's rows, which the noise of its steps does not hide"
                            : "mu of adafedprox follows small changes of a loss, and would follow the noise on it. Use fedprox");
        } else if (algorithm instanceof FedNova && !rows) {
            return Optional.of(
                    "fednova sends its number of steps in units of 4096, and of that noise would leave nothing");
        }
        return Optional.empty();
    }

    /** The values of a contribution that get noise where sites are hidden; all others are zero. */
    static List<Values> noisy(FederatedAlgorithm algorithm, ModelSpec model) {
        ParameterLayout layout = model.layout();
        Set<Slot> personal = new HashSet<>();
        if (algorithm instanceof FedPer fedPer) {
            fedPer.personal().forEach(node -> personal.addAll(layout.of(node)));
        }
        List<Values> update = layout.slots().stream()
                .filter(slot -> slot.trained() && !personal.contains(slot))
                .map(slot -> new Values(slot.offset(), slot.length()))
                .toList();
        if (!(algorithm instanceof Scaffold)) {
            return update;
        }
        List<Values> both = new ArrayList<>(update);
        update.forEach(values -> both.add(new Values(layout.size() + values.offset(), values.length())));
        return both;
    }
}
