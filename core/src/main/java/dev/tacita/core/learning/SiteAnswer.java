package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * What a site makes of its part of a round.
 *
 * @param contribution to be clipped, encoded, protected and sent; of {@link FederatedAlgorithm#contributionSize}
 * @param memory to be kept by the site until its next round; durable before the contribution is sent, and beside the memory
 *     that it replaces, so that the same round asked again gives the same bits
 * @param training metrics of the training examples as they were seen
 */
public record SiteAnswer(ModelUpdate contribution, float[] memory, Evaluation training) {
    public SiteAnswer {
        requireNonNull(contribution, "contribution is null");
        requireNonNull(memory, "memory is null");
        requireNonNull(training, "training is null");
    }
}
