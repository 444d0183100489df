package dev.tacita.wire;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the aggregator decided, or a model it hands out. Those on {@link Channel#ROUNDS} are the aggregator's journal:
 * folded from the start they give its state.
 */
public sealed interface AggregatorMessage extends Message {
    /**
     * A site is present from now on.
     *
     * @param hello what it said
     * @param sitesRead how far the aggregator has read {@link Channel#SITES}; it goes on there when it starts again
     * @param at when the aggregator saw it
     */
    record SiteJoined(SiteMessage.Hello hello, Position sitesRead, Instant at) implements AggregatorMessage {
        public SiteJoined {
            requireNonNull(hello, "hello is null");
            requireNonNull(sitesRead, "sitesRead is null");
            requireNonNull(at, "at is null");
        }
    }

    /**
     * A site is left out until it says hello again; an agent that is alive and reads this does so.
     *
     * @param site who
     * @param session which life of its agent
     * @param reason one sentence
     * @param sitesRead how far the aggregator has read {@link Channel#SITES}
     * @param at when
     */
    record SiteLeft(SiteId site, String session, String reason, Position sitesRead, Instant at)
            implements AggregatorMessage {
        public SiteLeft {
            requireNonNull(site, "site is null");
            requireNonNull(session, "session is null");
            requireNonNull(reason, "reason is null");
            requireNonNull(sitesRead, "sitesRead is null");
            requireNonNull(at, "at is null");
        }
    }

    /**
     * A run begins to queue.
     *
     * @param run its name
     * @param plan the text of its plan, as submitted; each site reads it for itself
     * @param aggregatorVersion of the aggregator's code
     * @param at when
     */
    record RunOpened(RunId run, String plan, String aggregatorVersion, Instant at) implements AggregatorMessage {
        public RunOpened {
            requireNonNull(run, "run is null");
            requireNonNull(plan, "plan is null");
            requireNonNull(aggregatorVersion, "aggregatorVersion is null");
            requireNonNull(at, "at is null");
        }
    }

    /**
     * A site does not take part, because it said so: in the whole run if its policy forbids it, else in the round that
     * is open.
     *
     * @param refusal what it said
     * @param sitesRead how far the aggregator has read {@link Channel#SITES}
     * @param at when
     */
    record SiteRefused(SiteMessage.Refusal refusal, Position sitesRead, Instant at) implements AggregatorMessage {
        public SiteRefused {
            requireNonNull(refusal, "refusal is null");
            requireNonNull(sitesRead, "sitesRead is null");
            requireNonNull(at, "at is null");
        }
    }

    /**
     * A round asks its cohort.
     *
     * @param place run, round and attempt
     * @param purpose what is asked
     * @param cohort the sites asked, sorted
     * @param model SHA-256 of the parameters (little-endian float32) that the round starts from
     * @param quorum how many must answer
     * @param deadline after which nobody is waited for
     * @param contributionsFrom where in {@link Channel#CONTRIBUTIONS} answers can begin
     * @param at when
     * @param sites how many sites the run has, asked or not: the most that were there when a round of it was opened; at least
     *     the cohort's
     * @param shared SHA-256 of what the plan's algorithm sends beside the parameters (little-endian float32), found where
     *     models are; empty if it sends nothing, and in an evaluation
     */
    record RoundOpened(
            RoundKey place,
            Purpose purpose,
            List<SiteId> cohort,
            Hash model,
            int quorum,
            Instant deadline,
            Position contributionsFrom,
            Instant at,
            int sites,
            Optional<Hash> shared)
            implements AggregatorMessage {
        public RoundOpened {
            requireNonNull(place, "place is null");
            requireNonNull(purpose, "purpose is null");
            cohort = List.copyOf(cohort);
            requireNonNull(model, "model is null");
            requireNonNull(deadline, "deadline is null");
            requireNonNull(contributionsFrom, "contributionsFrom is null");
            requireNonNull(at, "at is null");
            Limits.sites(sites, cohort.size());
            requireNonNull(shared, "shared is null");
        }

        /** Names all that the round starts from: the model, and what is sent beside it if anything is. */
        public Hash start() {
            return shared.map(beside -> Tensors.sha256(
                            ByteBuffer.wrap((model + "\n" + beside).getBytes(StandardCharsets.US_ASCII))))
                    .orElse(model);
        }
    }

    /** What a round is for. */
    enum Purpose {
        /** The work that the plan's algorithm asks for. */
        TRAIN,
        /** Test metrics of the final model; every site present is asked. */
        EVALUATE
    }

    /**
     * A round is over. Which contributions count is decided here and nowhere else.
     *
     * @param place run, round and attempt
     * @param outcome whether the quorum was met
     * @param counted what counted, sorted by site
     * @param missing each other site of the cohort that is not at work still, and why it did not count
     * @param model SHA-256 of the new parameters; those of the start if the quorum was not met or in an evaluation
     * @param contributionBytes bytes of the counted contributions on the wire
     * @param at when
     * @param epsilon what the run's models have revealed of each site so far, at the delta and by the accountant of the plan,
     *     repeated closings included; empty if the aggregator adds no noise
     * @param shared SHA-256 of what the plan's algorithm sends beside the new parameters in the next round of training; empty if
     *     it sends nothing, or there is no such round
     * @param atWork the sites whose answers to this round, or to an earlier one, may count in a later one, sorted; each goes on
     *     with what it was asked last. Empty unless the plan's algorithm is asynchronous
     */
    record RoundClosed(
            RoundKey place,
            RoundOutcome outcome,
            List<Counted> counted,
            Map<SiteId, String> missing,
            Hash model,
            long contributionBytes,
            Instant at,
            OptionalDouble epsilon,
            Optional<Hash> shared,
            List<SiteId> atWork)
            implements AggregatorMessage {
        public RoundClosed {
            requireNonNull(place, "place is null");
            requireNonNull(outcome, "outcome is null");
            counted = List.copyOf(counted);
            missing = Map.copyOf(missing);
            requireNonNull(model, "model is null");
            requireNonNull(at, "at is null");
            Limits.epsilon(epsilon);
            requireNonNull(shared, "shared is null");
            atWork = List.copyOf(atWork);
        }

        /** Of a round for whose sites nothing is left to do. */
        public RoundClosed(
                RoundKey place,
                RoundOutcome outcome,
                List<Counted> counted,
                Map<SiteId, String> missing,
                Hash model,
                long contributionBytes,
                Instant at,
                OptionalDouble epsilon,
                Optional<Hash> shared) {
            this(place, outcome, counted, missing, model, contributionBytes, at, epsilon, shared, List.of());
        }

        /** How a round ended. */
        public enum RoundOutcome {
            /** The quorum answered. */
            COMPLETED,
            /** Too few answered; the round is tried again, or the run pauses. */
            BELOW_QUORUM
        }
    }

    /**
     * A contribution that counted.
     *
     * @param site whose
     * @param session which life of the agent sent it
     * @param weight number of training examples
     * @param training as the site reported
     * @param validation as the site reported
     * @param test as the site reported
     * @param seconds the site worked on it
     * @param epsilon as the site reported
     * @param earlier the round that it answers; empty if that is the one that counts it
     */
    record Counted(
            SiteId site,
            String session,
            long weight,
            Optional<Evaluation> training,
            Optional<Evaluation> validation,
            Optional<Evaluation> test,
            double seconds,
            OptionalDouble epsilon,
            Optional<EarlierRound> earlier) {
        public Counted {
            requireNonNull(site, "site is null");
            requireNonNull(session, "session is null");
            requireNonNull(training, "training is null");
            requireNonNull(validation, "validation is null");
            requireNonNull(test, "test is null");
            Limits.epsilon(epsilon);
            requireNonNull(earlier, "earlier is null");
        }

        /** An answer to the round that counts it. */
        public Counted(
                SiteId site,
                String session,
                long weight,
                Optional<Evaluation> training,
                Optional<Evaluation> validation,
                Optional<Evaluation> test,
                double seconds,
                OptionalDouble epsilon) {
            this(site, session, weight, training, validation, test, seconds, epsilon, Optional.empty());
        }

        /**
         * How many rounds completed between the one that it answers and the one that counts it: the steps that the aggregator took
         * while the site was at work.
         *
         * @param counts the round that counts it
         */
        public int staleness(int counts) {
            return earlier.map(asked -> counts - asked.round()).orElse(0);
        }
    }

    /**
     * A round of the same run, before the one that is spoken of.
     *
     * @param round counted from 1
     * @param attempt counted from 1
     */
    record EarlierRound(int round, int attempt) {
        public EarlierRound {
            if (round < 1 || attempt < 1) {
                throw new IllegalArgumentException(
                        "round and attempt must be >= 1. Provided values: " + round + ", " + attempt);
            }
        }
    }

    /**
     * A run waits for an operator, or for sites.
     *
     * @param run which
     * @param reason one sentence
     * @param at when
     */
    record RunPaused(RunId run, String reason, Instant at) implements AggregatorMessage {
        public RunPaused {
            requireNonNull(run, "run is null");
            requireNonNull(reason, "reason is null");
            requireNonNull(at, "at is null");
        }
    }

    /**
     * A paused run goes on.
     *
     * @param run which
     * @param at when
     */
    record RunResumed(RunId run, Instant at) implements AggregatorMessage {
        public RunResumed {
            requireNonNull(run, "run is null");
            requireNonNull(at, "at is null");
        }
    }

    /**
     * A run is over.
     *
     * @param run which
     * @param outcome how it ended
     * @param reason one sentence
     * @param model SHA-256 of its last parameters; empty if it never had any
     * @param at when
     */
    record RunEnded(RunId run, RunOutcome outcome, String reason, Optional<Hash> model, Instant at)
            implements AggregatorMessage {
        public RunEnded {
            requireNonNull(run, "run is null");
            requireNonNull(outcome, "outcome is null");
            requireNonNull(reason, "reason is null");
            requireNonNull(model, "model is null");
            requireNonNull(at, "at is null");
        }

        /** How a run ended. */
        public enum RunOutcome {
            /** All rounds and the final evaluation are done. */
            COMPLETED,
            /** Somebody stopped it. */
            STOPPED,
            /** It cannot go on. */
            FAILED
        }
    }

    /**
     * A stage of a round under secure aggregation begins, and the one before it is over. Who counted in that one is decided
     * here and nowhere else.
     *
     * @param place run, round and attempt
     * @param stage which
     * @param counted in the stage before, sorted by site; empty in the first
     * @param deadline after which nobody is waited for in this stage
     * @param at when
     */
    record StageOpened(RoundKey place, Stage stage, List<StageAnswered> counted, Instant deadline, Instant at)
            implements AggregatorMessage {
        public StageOpened {
            requireNonNull(place, "place is null");
            requireNonNull(stage, "stage is null");
            counted = List.copyOf(counted);
            requireNonNull(deadline, "deadline is null");
            requireNonNull(at, "at is null");
        }
    }

    /**
     * What a site answered in a stage.
     *
     * @param site who
     * @param answer SHA-256 of its bytes
     */
    record StageAnswered(SiteId site, Hash answer) {
        public StageAnswered {
            requireNonNull(site, "site is null");
            requireNonNull(answer, "answer is null");
        }
    }

    /**
     * What the aggregator tells sites at the beginning of a stage: bytes of the secure aggregation protocol. What is secret in
     * them is encrypted for the site that it is for.
     *
     * @param place run, round and attempt
     * @param stage that it opens
     * @param to for whom; empty for all
     * @param chunk the bytes, whole
     */
    record StageMessage(RoundKey place, Stage stage, Optional<SiteId> to, TensorChunk chunk)
            implements AggregatorMessage {
        public StageMessage {
            requireNonNull(place, "place is null");
            requireNonNull(stage, "stage is null");
            requireNonNull(to, "to is null");
            requireNonNull(chunk, "chunk is null");
        }
    }

    /**
     * What the aggregator learnt in a round under secure aggregation: sums, and of no single site anything. Comes before the
     * round's closing.
     *
     * @param place run, round and attempt
     * @param sites how many contributions are in the sums
     * @param threshold how many shares gave a secret back
     * @param weight sum of the weights; 0 in an evaluation
     * @param training sum over the sites that share it
     * @param validation sum over the sites that share it
     * @param test sum over the sites that share it; in an evaluation only
     * @param errorBound how far rounding can have moved each value of the mean; 0 in an evaluation
     */
    record RoundSummed(
            RoundKey place,
            int sites,
            int threshold,
            long weight,
            Optional<Evaluation> training,
            Optional<Evaluation> validation,
            Optional<Evaluation> test,
            double errorBound)
            implements AggregatorMessage {
        public RoundSummed {
            requireNonNull(place, "place is null");
            requireNonNull(training, "training is null");
            requireNonNull(validation, "validation is null");
            requireNonNull(test, "test is null");
        }
    }

    /**
     * Announces a model on {@link Channel#MODELS}; its chunks follow in order of index.
     *
     * @param model SHA-256 of all its bytes
     * @param tensor what the chunks carry
     */
    record ModelHeader(Hash model, TensorHeader tensor) implements AggregatorMessage {
        public ModelHeader {
            requireNonNull(model, "model is null");
            requireNonNull(tensor, "tensor is null");
        }
    }

    /**
     * One piece of a model.
     *
     * @param model SHA-256 of the whole model
     * @param chunk the piece
     */
    record ModelChunk(Hash model, TensorChunk chunk) implements AggregatorMessage {
        public ModelChunk {
            requireNonNull(model, "model is null");
            requireNonNull(chunk, "chunk is null");
        }
    }
}
