package dev.tacita.wire;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Protection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a site says. */
public sealed interface SiteMessage extends Message {
    /** Who says it. */
    SiteId site();

    /**
     * The site is there and takes part: sent when an agent starts, and again when it finds itself left out.
     *
     * @param site who
     * @param session names this life of the agent's process; another session replaces it
     * @param agentVersion of the agent's code
     * @param datasets what the site offers, by name
     */
    record Hello(SiteId site, String session, String agentVersion, List<DatasetOffer> datasets) implements SiteMessage {
        public Hello {
            requireNonNull(site, "site is null");
            Limits.name("session", session);
            Limits.name("agentVersion", agentVersion);
            datasets = List.copyOf(datasets);
            Limits.datasets(datasets);
        }
    }

    /**
     * A dataset that a site offers.
     *
     * @param name as plans name it
     * @param trainingExamples how many examples it would train on; empty if the site's policy hides it in sums
     * @param classCounts training examples by class name, if the site's policy shares them
     */
    record DatasetOffer(String name, Optional<Long> trainingExamples, Optional<Map<String, Long>> classCounts) {
        public DatasetOffer {
            Limits.name("the name of a dataset", name);
            requireNonNull(trainingExamples, "trainingExamples is null");
            trainingExamples.ifPresent(count -> Limits.examples("trainingExamples", count));
            requireNonNull(classCounts, "classCounts is null");
            classCounts.ifPresent(Limits::classCounts);
        }
    }

    /**
     * The agent ends in good order.
     *
     * @param site who
     * @param session which life of the agent
     */
    record Goodbye(SiteId site, String session) implements SiteMessage {
        public Goodbye {
            requireNonNull(site, "site is null");
            Limits.name("session", session);
        }
    }

    /**
     * The site does not take part in a run.
     *
     * @param site who
     * @param run which run
     * @param kind whether it will not, or could not
     * @param reasons one sentence each, at least one
     */
    record Refusal(SiteId site, RunId run, Kind kind, List<String> reasons) implements SiteMessage {
        public Refusal {
            requireNonNull(site, "site is null");
            requireNonNull(run, "run is null");
            requireNonNull(kind, "kind is null");
            reasons = List.copyOf(reasons);
            Limits.sentences("reasons", reasons);
        }

        /** Why a site does not take part. */
        public enum Kind {
            /** Its policy forbids it: for the whole run. */
            POLICY,
            /** Something failed in this round, such as training that diverged; it may be asked again. */
            FAILURE
        }
    }

    /**
     * Announces a contribution; its chunks follow in order of index. In an evaluation it has no chunks.
     *
     * @param place run, round and attempt that it answers
     * @param site who
     * @param session which life of the agent
     * @param protection what hides the values
     * @param weight number of training examples behind it; 0 in an evaluation
     * @param tensor what the chunks carry; empty in an evaluation
     * @param training metrics of the training examples as they were seen, if the policy shares metrics
     * @param validation metrics of the model received on validation rows, if the policy shares metrics
     * @param test metrics of the model received on test rows: in an evaluation only
     * @param seconds the site worked on it
     * @param epsilon what the run has revealed of the site so far, this contribution included, at the delta and by the
     *     accountant of the plan; the site's own word. Empty if the site adds no noise
     */
    record ContributionHeader(
            RoundKey place,
            SiteId site,
            String session,
            Protection protection,
            long weight,
            Optional<TensorHeader> tensor,
            Optional<Evaluation> training,
            Optional<Evaluation> validation,
            Optional<Evaluation> test,
            double seconds,
            OptionalDouble epsilon)
            implements SiteMessage {
        public ContributionHeader {
            requireNonNull(place, "place is null");
            requireNonNull(site, "site is null");
            Limits.name("session", session);
            requireNonNull(protection, "protection is null");
            if (weight < 0) {
                throw new IllegalArgumentException("weight must be >= 0. Provided value: " + weight);
            }
            requireNonNull(tensor, "tensor is null");
            Limits.evaluation("training", training);
            Limits.evaluation("validation", validation);
            Limits.evaluation("test", test);
            Limits.seconds(seconds);
            Limits.epsilon(epsilon);
        }
    }

    /**
     * One piece of a contribution.
     *
     * @param place run, round and attempt
     * @param site who
     * @param session which life of the agent
     * @param chunk the piece
     */
    record ContributionChunk(RoundKey place, SiteId site, String session, TensorChunk chunk) implements SiteMessage {
        public ContributionChunk {
            requireNonNull(place, "place is null");
            requireNonNull(site, "site is null");
            Limits.name("session", session);
            requireNonNull(chunk, "chunk is null");
        }
    }

    /**
     * A site's answer in a stage of a round under secure aggregation, or a part of it: bytes of that protocol. What is secret in
     * them is encrypted for whom it is for, and a contribution is masked.
     *
     * @param place run, round and attempt that it answers
     * @param site who
     * @param session which life of the agent
     * @param stage in which
     * @param parts in how many it travels, at least 1; each but the last has {@link TensorHeader#CHUNK_BYTES} bytes
     * @param chunk the part
     */
    record StageAnswer(RoundKey place, SiteId site, String session, Stage stage, int parts, TensorChunk chunk)
            implements SiteMessage {
        public StageAnswer {
            requireNonNull(place, "place is null");
            requireNonNull(site, "site is null");
            Limits.name("session", session);
            requireNonNull(stage, "stage is null");
            requireNonNull(chunk, "chunk is null");
            if (chunk.index() >= parts) {
                throw new IllegalArgumentException("the index of a part must be < the number of parts, " + parts
                        + ". Provided value: " + chunk.index());
            }
        }
    }
}
