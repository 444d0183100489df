package dev.tacita.dp.audit;

/** Trains models like the one that is attacked. */
@FunctionalInterface
public interface ReferenceTraining {
    /**
     * Trains one model, by the same recipe as the one that is attacked, and gives the loss of every example of the study under
     * it.
     *
     * @param model its number, from 0: for seeds
     * @param trainedOn indexes of the examples to train on, ascending
     * @return one loss for each example of the study, trained on or not
     * @throws InterruptedException if the thread is interrupted before the end
     */
    double[] losses(int model, int[] trainedOn) throws InterruptedException;
}
