package dev.tacita.config;

import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.model.ModelSpec;

/** The parts of a run plan, for other files that have them too. */
public final class PlanKinds {
    private PlanKinds() {}

    /** A model, as in a plan. */
    public static Kind<ModelSpec> model() {
        return Kinds.section(ModelReader::model);
    }

    /** A loss, as in a plan. */
    public static Kind<Loss> loss() {
        return Kinds.variant(LossReader.LOSSES);
    }

    /** Whose data noise hides, as in a run plan. */
    public static Kind<PrivacySpec> privacy() {
        return Kinds.variant(PrivacyReader.PRIVACY);
    }

    /** What hides contributions, as in a run plan. */
    public static Kind<ProtectionSpec> protection() {
        return Kinds.variant(ProtectionReader.PROTECTIONS);
    }

    /** An algorithm that can be simulated: those of a plan, and those that need more of a site than it does live today. */
    public static Kind<FederatedAlgorithm> simulatedAlgorithm() {
        return Kinds.variant(AlgorithmReader.SIMULATED);
    }
}
