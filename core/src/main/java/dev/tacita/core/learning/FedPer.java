package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.ParameterLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * FedPer (Arivazhagan et al. 2019, section 3): sites train the whole model, and average all but its personal layers, which
 * never leave them. Sites begin with the same personal layers: the first ones of the run. What a site sends is exactly zero
 * there.
 *
 * @param base what each site does, and the server's learning rate
 * @param personal the ids of the personal nodes, at least one, no two alike
 */
public record FedPer(FedAvg base, List<String> personal) implements FederatedAlgorithm {
    public FedPer {
        requireNonNull(base, "base is null");
        personal = List.copyOf(personal);
        if (personal.isEmpty() || personal.stream().distinct().count() < personal.size()) {
            throw new IllegalArgumentException(
                    "personal-layers must name at least one layer, and each once. Provided value: " + personal);
        }
    }

    @Override
    public String name() {
        return "fedper";
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model) {
        ParameterLayout layout = model.layout();
        List<Problem> problems = new ArrayList<>();
        Set<ParameterLayout.Slot> together = new HashSet<>(layout.slots());
        List<String> known = model.nodes().stream()
                .map(Node::id)
                .filter(id -> !layout.of(id).isEmpty())
                .toList();
        for (String id : personal) {
            if (known.contains(id)) {
                layout.of(id).forEach(together::remove);
            } else {
                problems.add(Problem.of(
                        "personal-layers",
                        "must be layers that have parameters: " + String.join(", ", known) + ". Provided value: '" + id
                                + "'."));
            }
        }
        if (problems.isEmpty() && together.isEmpty()) {
            problems.add(Problem.of(
                    "personal-layers", "must leave a layer that sites learn together. Provided value: all layers."));
        }
        return problems;
    }

    @Override
    public LocalWork work(int round) {
        return base.work(round);
    }

    @Override
    public boolean isPersonal() {
        return true;
    }

    @Override
    public int siteMemorySize(int parameters) {
        return PersonalLayers.memorySize(parameters);
    }

    @Override
    public float[] parametersAtSite(ModelSpec model, float[] received, float[] memory) {
        return layers(model).join(received, memory);
    }

    @Override
    public SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        return layers(round.task().model()).answer(round, trainer, train);
    }

    @Override
    public BesideTheUpdate besideTheUpdate() {
        return new BesideTheUpdate("", "", "its own layers");
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        return base.step(from, mean);
    }

    private PersonalLayers layers(ModelSpec model) {
        return PersonalLayers.of(model, node -> personal.contains(node.id()));
    }
}
