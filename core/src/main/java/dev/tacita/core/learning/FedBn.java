package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import java.util.List;

/**
 * FedBN (Li et al. 2021, algorithm 1): federated averaging in which weight, bias and running statistics of every batch
 * normalisation stay at the site, so that each site normalises by its own rows. What a site sends is exactly zero there.
 *
 * @param base what each site does, and the server's learning rate
 */
public record FedBn(FedAvg base) implements FederatedAlgorithm {
    public FedBn {
        requireNonNull(base, "base is null");
    }

    @Override
    public String name() {
        return "fedbn";
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model) {
        return model.nodes().stream().anyMatch(FedBn::isPersonal)
                ? List.of()
                : List.of(new Problem(
                        "algorithm",
                        "fedbn keeps batch normalisation at the sites, and the model has none.",
                        "Add a batch-norm layer, or use fedavg."));
    }

    private static boolean isPersonal(Node node) {
        return node.layer() instanceof Normalization.BatchNorm;
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
        return new BesideTheUpdate("", "", "its own batch normalisation");
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        return base.step(from, mean);
    }

    private static PersonalLayers layers(ModelSpec model) {
        return PersonalLayers.of(model, FedBn::isPersonal);
    }
}
