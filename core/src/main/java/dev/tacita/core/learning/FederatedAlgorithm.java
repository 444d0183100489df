package dev.tacita.core.learning;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.number.Quantization;
import dev.tacita.core.number.SeedStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a round asks of its sites, what a site makes of it, and what the aggregator does with the mean of their answers. An
 * implementation is immutable and pure: the same arguments give the same bits, live and simulated.
 *
 * <p>State is explicit. What the aggregator carries from round to round is a {@link ServerState}; what a site carries is one
 * flat vector that never leaves it. What travels is one flat vector in each direction: the parameters, followed by what the
 * algorithm {@linkplain #shared shares} besides; and the site's update, followed by what the algorithm adds to it. Clipping,
 * encoding, masking and the exact sum act on the whole of it.
 */
public interface FederatedAlgorithm {
    /** The name that plans and policies use, such as {@code fedavg}. */
    String name();

    /** What keeps it from training such a model; empty if nothing does. */
    default List<Problem> problemsWith(ModelSpec model) {
        return List.of();
    }

    /** What keeps it from training such a model by such a loss; empty if nothing does. */
    default List<Problem> problemsWith(ModelSpec model, Loss loss) {
        return problemsWith(model);
    }

    /**
     * Whether it trains the layers of the description. If not, a model of its own stands in their place, takes what they take and
     * gives as many outputs; its numbers are what everything here calls the parameters.
     */
    default boolean trainsLayers() {
        return true;
    }

    /** How many numbers the model has that it trains. */
    default int parameters(ModelSpec model) {
        return model.layout().size();
    }

    /** The parameters before the first round. */
    default float[] firstParameters(ModelSpec model, SeedStream seeds) {
        return model.layout().initialValues(seeds);
    }

    /** How many rounds it takes, if it knows; with fewer it stops early, and more change nothing. */
    default OptionalInt rounds() {
        return OptionalInt.empty();
    }

    /**
     * The number by which what is drawn in round {@code round} is named: another only where the run is a part of a longer one, whose
     * rounds are counted.
     */
    default int counted(int round) {
        return round;
    }

    /** What round {@code round}, counted from 1, asks. */
    LocalWork work(int round);

    /** How many numbers the aggregator remembers beside {@code parameters} of a model. */
    default int memorySize(int parameters) {
        return 0;
    }

    /** How many numbers a site keeps from one of its rounds to the next. */
    default int siteMemorySize(int parameters) {
        return 0;
    }

    /** How many numbers a site sends; at least {@code parameters}. */
    default int contributionSize(int parameters) {
        return parameters;
    }

    /** What holds of numbers that each honest site sends, where the step has no result without. */
    default Optional<ContributionRule> contributionRule(int parameters) {
        return Optional.empty();
    }

    /** How many numbers sites are sent beside the parameters. */
    default int sharedSize(int parameters) {
        return 0;
    }

    /** Whether it asks of a trainer more than steps along gradients: see {@link LocalTask#correctsGradients}. */
    default boolean correctsGradients() {
        return work(1) instanceof LocalWork.Train train && train.proximal() != 0;
    }

    /** Whether each contribution counts once, whatever the number of training examples behind it. */
    default boolean countsSitesAlike() {
        return false;
    }

    /** Whether what a site sends tells the mean loss of its training examples. */
    default boolean sendsLoss() {
        return false;
    }

    /**
     * What keeps a site's contribution from being rounded to such numbers, as under secure aggregation; empty if nothing does.
     * What a site adds to its update is held to the limit of the update.
     */
    default List<Problem> problemsWith(Quantization quantization) {
        return List.of();
    }

    /** What a site sends, receives and keeps besides, in words. */
    default BesideTheUpdate besideTheUpdate() {
        return BesideTheUpdate.NOTHING;
    }

    /** Whether a site's update is part of what it sends. */
    default boolean sendsUpdate() {
        return true;
    }

    /** Whether an update is all that a site sends, parameters all that it receives, and nothing all that it keeps. */
    default boolean isPlain(ModelSpec model) {
        int parameters = parameters(model);
        return sendsUpdateAlone(model) && sharedSize(parameters) == 0 && siteMemorySize(parameters) == 0;
    }

    /** The same for a model. */
    default int contributionSize(ModelSpec model) {
        return contributionSize(parameters(model));
    }

    /** Whether a site sends an update of the parameters and nothing else. */
    default boolean sendsUpdateAlone(ModelSpec model) {
        return trainsLayers() && contributionSize(model) == parameters(model);
    }

    /** Whether a site has a model of its own, which never leaves it whole: see {@link #parametersAtSite}. */
    default boolean isPersonal() {
        return false;
    }

    /**
     * The parameters of the model that a site uses, and by which it is measured.
     *
     * @param received the parameters of the last round; not to be changed
     * @param memory what the site kept of its last round, zeros if it had none; not to be changed
     * @return the parameters received, unless the algorithm {@linkplain #isPersonal is personal}; not to be changed
     */
    default float[] parametersAtSite(ModelSpec model, float[] received, float[] memory) {
        return received;
    }

    /** What sites are sent beside the parameters, of {@link #sharedSize}; not to be changed. */
    default float[] shared(ServerState state) {
        return new float[0];
    }

    /**
     * What a site answers.
     *
     * @param trainer does the work of the round's task
     * @param train at least one example
     * @throws InterruptedException if the thread is interrupted before the end
     */
    default SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        LocalResult result = trainer.train(round.task(), train);
        return new SiteAnswer(result.update(), round.memory(), result.training());
    }

    /**
     * Metrics of the task's parameters; no examples give {@link Evaluation#NONE}.
     *
     * @param trainer evaluates layers
     * @throws InterruptedException if the thread is interrupted before the end
     */
    default Evaluation evaluate(LocalTask task, LocalTrainer trainer, Examples examples) throws InterruptedException {
        return trainer.evaluate(task, examples);
    }

    /**
     * The state after a round.
     *
     * @param from the state that the round started from
     * @param mean of the contributions, of {@link #contributionSize}
     */
    ServerState step(ServerState from, RoundMean mean);
}
