package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.model.ModelSpec;
import java.util.Arrays;

/**
 * Ditto (Li et al. 2021, algorithm 1): federated averaging, beside which each site that is asked trains a model v of its own
 * by its loss + (lambda/2)||v - w||^2, where w is the model received. v starts where the site's last round left it, and in its
 * first at w; it never leaves the site, which is measured by it. Both trainings do the same work, with draws of their own. Nothing that
 * leaves the site depends on v, so that noise that hides rows goes into the training of w alone.
 *
 * @param base what each site does for the common model and for its own, and the server's learning rate
 * @param lambda strength of the pull to the common model, at least 0, finite; 0 for models that never see another site's
 */
public record Ditto(FedAvg base, double lambda) implements FederatedAlgorithm {
    public Ditto {
        requireNonNull(base, "base is null");
        Checks.notNegative("lambda", lambda);
        Checks.withoutPull(base.training());
    }

    @Override
    public String name() {
        return "ditto";
    }

    @Override
    public LocalWork work(int round) {
        return base.work(round);
    }

    @Override
    public boolean isPersonal() {
        return true;
    }

    /** The site's own parameters, and a 1 once it has some. */
    @Override
    public int siteMemorySize(int parameters) {
        return parameters + 1;
    }

    @Override
    public float[] parametersAtSite(ModelSpec model, float[] received, float[] memory) {
        Checks.size("the memory", memory.length, received.length + 1);
        return memory[received.length] == 0 ? received : Arrays.copyOf(memory, received.length);
    }

    @Override
    public boolean correctsGradients() {
        return true;
    }

    @Override
    public SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        LocalTask task = round.task();
        LocalResult common = trainer.train(task, train);
        float[] received = task.parameters();
        float[] own = parametersAtSite(task.model(), received, round.memory());
        // A pull to where training starts, and a constant one from there on: together lambda (v - w).
        float[] drift = new float[received.length];
        for (int i = 0; i < drift.length; i++) {
            drift[i] = (float) (lambda * ((double) own[i] - received[i]));
        }
        LocalWork pulled = ((LocalWork.Train) task.work()).withProximal(lambda);
        LocalTask personal = new LocalTask(
                task.model(), task.loss(), pulled, own, task.seeds().derive("personal"), drift);
        float[] moved = trainer.ofWhatStays().train(personal, train).update().valuesInTheClear();
        float[] memory = Arrays.copyOf(own, own.length + 1);
        for (int i = 0; i < own.length; i++) {
            memory[i] += moved[i];
        }
        memory[own.length] = 1;
        return new SiteAnswer(common.update(), memory, common.training());
    }

    @Override
    public BesideTheUpdate besideTheUpdate() {
        return new BesideTheUpdate("", "", "a model of its own");
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        return base.step(from, mean);
    }
}
