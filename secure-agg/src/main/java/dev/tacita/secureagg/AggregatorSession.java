package dev.tacita.secureagg;

import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregationFailedException.Reason;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.FromSite;
import dev.tacita.secureagg.AggregationMessage.KeyAdvertisement;
import dev.tacita.secureagg.AggregationMessage.KeyList;
import dev.tacita.secureagg.AggregationMessage.MaskedInput;
import dev.tacita.secureagg.AggregationMessage.SealedShare;
import dev.tacita.secureagg.AggregationMessage.SharesDelivered;
import dev.tacita.secureagg.AggregationMessage.SharesSent;
import dev.tacita.secureagg.AggregationMessage.SiteSignature;
import dev.tacita.secureagg.AggregationMessage.SurvivorList;
import dev.tacita.secureagg.AggregationMessage.SurvivorsConfirmed;
import dev.tacita.secureagg.AggregationMessage.UnmaskAnswer;
import dev.tacita.secureagg.AggregationMessage.UnmaskRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The aggregator's side of one attempt at one round: a deterministic fold. The same messages and closings in the same
 * order give the same messages and the same sum, so that an aggregator that crashed replays its log.
 *
 * <p>In a stage it counts one message of each site that it asked; {@link #closeStage} ends the stage, when all have
 * answered or the caller's deadline has passed. A masked input is added to the sum at once and not kept. Not for two
 * threads at once.
 */
public final class AggregatorSession implements AutoCloseable {
    private final RoundTerms terms;
    private final AggregatorKey key;
    private final SiteRegistry registry;
    private final Workers workers;
    private final Octets termsHash;
    private final TreeMap<SiteId, KeyAdvertisement> keys = new TreeMap<>();
    private final Set<Octets> knownKeys = new HashSet<>();
    private final TreeMap<SiteId, SharesSent> shares = new TreeMap<>();
    private final TreeSet<SiteId> survivors = new TreeSet<>();
    private final TreeMap<SiteId, SiteSignature> signatures = new TreeMap<>();
    private final TreeMap<SiteId, UnmaskShares> answers = new TreeMap<>();
    private final MaskedSum sum;
    private Stage stage = Stage.KEYS;
    private Optional<Roster> roster = Optional.empty();
    private Optional<Aggregate> aggregate = Optional.empty();

    /** The stages in their order. */
    public enum Stage {
        /** Sites advertise keys. */
        KEYS,
        /** Sites share secrets. */
        SHARES,
        /** Sites send masked inputs. */
        INPUTS,
        /** Survivors sign their list. */
        SIGNATURES,
        /** Survivors answer with shares. */
        ANSWERS,
        /** There is a sum. */
        DONE,
        /** There is none, and never will be. */
        FAILED
    }

    private AggregatorSession(RoundTerms terms, AggregatorKey key, SiteRegistry registry, Workers workers) {
        this.terms = terms;
        this.key = key;
        this.registry = registry;
        this.workers = workers;
        this.termsHash = terms.hash();
        this.sum = new MaskedSum(terms.vectors());
    }

    /**
     * A session that waits for keys.
     *
     * @param key the private half of the terms' aggregator key
     * @param workers who takes masks from the sum
     * @throws IllegalArgumentException if the key is another
     */
    public static AggregatorSession open(RoundTerms terms, AggregatorKey key, SiteRegistry registry, Workers workers) {
        if (!terms.aggregatorKey().equals(key.publicKey())) {
            throw new IllegalArgumentException("the key must be the one that the terms name");
        }
        return new AggregatorSession(terms, key, registry, workers);
    }

    /** Takes a message in. Whatever it is, the session stays whole. */
    public Reception receive(FromSite message) {
        Stage of = stageOf(message);
        if (of != stage) {
            return of.compareTo(stage) < 0 || stage == Stage.FAILED ? Reception.LATE : Reception.EARLY;
        }
        if (!message.context().equals(roster.map(Roster::context).orElse(termsHash))) {
            return Reception.WRONG_CONTEXT;
        }
        if (!asked().contains(message.site())) {
            return Reception.NOT_ASKED;
        }
        if (answered().contains(message.site())) {
            return Reception.REPEATED;
        }
        if (message instanceof KeyAdvertisement advertised) {
            return count(advertised);
        } else if (message instanceof SharesSent sent) {
            return count(sent);
        } else if (message instanceof MaskedInput input) {
            return count(input);
        } else if (message instanceof SurvivorsConfirmed confirmed) {
            return count(confirmed);
        }
        return count((UnmaskAnswer) message);
    }

    private static Stage stageOf(FromSite message) {
        if (message instanceof KeyAdvertisement) {
            return Stage.KEYS;
        } else if (message instanceof SharesSent) {
            return Stage.SHARES;
        } else if (message instanceof MaskedInput) {
            return Stage.INPUTS;
        }
        return message instanceof SurvivorsConfirmed ? Stage.SIGNATURES : Stage.ANSWERS;
    }

    private Reception count(KeyAdvertisement advertised) {
        if (!Curve.isAgreementKey(advertised.encryptionKey())
                || !Curve.isAgreementKey(advertised.maskingKey())
                || knownKeys.contains(advertised.encryptionKey())
                || knownKeys.contains(advertised.maskingKey())
                || advertised.encryptionKey().equals(advertised.maskingKey())) {
            return Reception.BAD_CONTENT;
        }
        if (!isSigned(advertised.site(), advertised.signed(), advertised.signature())) {
            return Reception.BAD_SIGNATURE;
        }
        keys.put(advertised.site(), advertised);
        knownKeys.add(advertised.encryptionKey());
        knownKeys.add(advertised.maskingKey());
        return Reception.COUNTED;
    }

    private Reception count(SharesSent sent) {
        Roster known = roster.orElseThrow();
        Set<Integer> expected = new HashSet<>();
        for (int holder : known.graph().holders(known.index(sent.site()))) {
            if (holder != known.index(sent.site()) && known.keys(holder).isPresent()) {
                expected.add(holder);
            }
        }
        for (SealedShare share : sent.shares()) {
            if (!expected.remove(known.index(share.peer()))) {
                return Reception.BAD_CONTENT;
            }
        }
        if (!expected.isEmpty()) {
            return Reception.BAD_CONTENT;
        }
        shares.put(sent.site(), sent);
        return Reception.COUNTED;
    }

    private Reception count(MaskedInput input) {
        if (!sum.add(input.vectors())) {
            return Reception.BAD_CONTENT;
        }
        survivors.add(input.site());
        return Reception.COUNTED;
    }

    private Reception count(SurvivorsConfirmed confirmed) {
        Octets message = SurvivorsConfirmed.signed(roster.orElseThrow().context(), List.copyOf(survivors));
        if (!isSigned(confirmed.site(), message, confirmed.signature())) {
            return Reception.BAD_SIGNATURE;
        }
        signatures.put(confirmed.site(), new SiteSignature(confirmed.site(), confirmed.signature()));
        return Reception.COUNTED;
    }

    private Reception count(UnmaskAnswer answer) {
        if (!Curve.isAgreementKey(answer.key())) {
            return Reception.BAD_CONTENT;
        }
        Derivation derivation = new Derivation(roster.orElseThrow().context());
        byte[] opening = derivation.answerKey(key.agree(answer.key()), answer.site(), answer.key());
        Optional<byte[]> opened =
                Seal.open(opening, derivation.boundToAnswer(answer.site(), answer.key()), answer.sealed());
        if (opened.isEmpty()) {
            return Reception.BAD_CONTENT;
        }
        try {
            answers.put(answer.site(), UnmaskShares.read(opened.orElseThrow()));
            return Reception.COUNTED;
        } catch (MalformedMessageException e) {
            return Reception.BAD_CONTENT;
        }
    }

    private boolean isSigned(SiteId site, Octets message, Octets signature) {
        return registry.key(site).filter(it -> it.verifies(message, signature)).isPresent();
    }

    /** Whom the current stage waits for, those included who have answered. */
    public Set<SiteId> asked() {
        return switch (stage) {
            case KEYS -> Set.copyOf(terms.sites());
            case SHARES -> keys.keySet();
            case INPUTS -> shares.keySet();
            case SIGNATURES -> survivors;
            case ANSWERS -> signatures.keySet();
            case DONE, FAILED -> Set.of();
        };
    }

    /** Whose messages of the current stage were counted. */
    public Set<SiteId> answered() {
        return switch (stage) {
            case KEYS -> keys.keySet();
            case SHARES -> shares.keySet();
            case INPUTS -> survivors;
            case SIGNATURES -> signatures.keySet();
            case ANSWERS -> answers.keySet();
            case DONE, FAILED -> Set.of();
        };
    }

    /** Whether nobody is waited for. */
    public boolean isStageComplete() {
        return answered().size() == asked().size();
    }

    /** Where the session is. */
    public Stage stage() {
        return stage;
    }

    /** The sum, once the last stage is closed. */
    public Optional<Aggregate> aggregate() {
        return aggregate;
    }

    /**
     * Ends the current stage; who has not answered has dropped out.
     *
     * @return what to send; nothing after the last stage
     * @throws AggregationFailedException if too few are left for a sum; the session has failed then
     * @throws IllegalStateException if it has ended
     */
    public List<FromAggregator> closeStage() throws AggregationFailedException {
        if (stage == Stage.DONE || stage == Stage.FAILED) {
            throw new IllegalStateException("the session has ended: " + stage);
        }
        try {
            if (answered().size() < leastAnswers()) {
                throw new AggregationFailedException(
                        Reason.TOO_FEW_SITES,
                        "there must be at least " + leastAnswers() + " sites at the end of stage " + stage
                                + ". Provided: " + answered().size());
            }
            return close(stage);
        } catch (AggregationFailedException e) {
            stage = Stage.FAILED;
            forget();
            throw e;
        }
    }

    /** In a ring each site counts the signatures, and each secret the answers, of its own neighbours. */
    private int leastAnswers() {
        if (stage.compareTo(Stage.INPUTS) <= 0) {
            return terms.leastSurvivors();
        }
        return terms.sharing() instanceof Sharing.Complete complete ? complete.threshold() : 1;
    }

    private List<FromAggregator> close(Stage closed) throws AggregationFailedException {
        return switch (closed) {
            case KEYS -> {
                List<KeyAdvertisement> all = List.copyOf(keys.values());
                roster = Optional.of(Roster.of(terms, all));
                stage = Stage.SHARES;
                yield List.of(new KeyList(termsHash, all));
            }
            case SHARES -> {
                stage = Stage.INPUTS;
                yield delivered(roster.orElseThrow());
            }
            case INPUTS -> {
                stage = Stage.SIGNATURES;
                yield List.of(new SurvivorList(roster.orElseThrow().context(), List.copyOf(survivors)));
            }
            case SIGNATURES -> {
                stage = Stage.ANSWERS;
                List<SiteId> dropped = shares.keySet().stream()
                        .filter(site -> !survivors.contains(site))
                        .toList();
                yield List.of(new UnmaskRequest(
                        roster.orElseThrow().context(),
                        List.copyOf(survivors),
                        dropped,
                        List.copyOf(signatures.values())));
            }
            default -> {
                Unmasking unmasking = new Unmasking(roster.orElseThrow(), terms, shares.keySet(), survivors, answers);
                Map<String, RingVector> sums = sum.unmasked(unmasking, workers);
                aggregate = Optional.of(new Aggregate(List.copyOf(survivors), sums));
                stage = Stage.DONE;
                forget();
                yield List.of();
            }
        };
    }

    private List<FromAggregator> delivered(Roster known) {
        TreeMap<SiteId, List<SealedShare>> inboxes = new TreeMap<>();
        shares.keySet().forEach(site -> inboxes.put(site, new ArrayList<>()));
        shares.forEach((from, sent) -> sent.shares().forEach(share -> {
            if (inboxes.containsKey(share.peer())) {
                inboxes.get(share.peer()).add(new SealedShare(from, share.bytes()));
            }
        }));
        List<FromAggregator> messages = new ArrayList<>();
        inboxes.forEach((site, inbox) -> messages.add(new SharesDelivered(known.context(), site, inbox)));
        return messages;
    }

    private void forget() {
        answers.values().forEach(UnmaskShares::wipe);
        answers.clear();
        sum.forget();
    }

    /** Ends the session and forgets what was collected. */
    @Override
    public void close() {
        if (stage != Stage.DONE) {
            stage = Stage.FAILED;
        }
        forget();
    }

    @Override
    public String toString() {
        return "aggregation of " + terms.run() + " round " + terms.round() + " attempt " + terms.attempt() + ", stage "
                + stage;
    }
}
