package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Adversary;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.FromSite;
import dev.tacita.secureagg.AggregationMessage.KeyAdvertisement;
import dev.tacita.secureagg.AggregationMessage.KeyList;
import dev.tacita.secureagg.AggregationMessage.MaskedInput;
import dev.tacita.secureagg.AggregationMessage.MaskedVector;
import dev.tacita.secureagg.AggregationMessage.SealedShare;
import dev.tacita.secureagg.AggregationMessage.SharesDelivered;
import dev.tacita.secureagg.AggregationMessage.SharesSent;
import dev.tacita.secureagg.AggregationMessage.SurvivorList;
import dev.tacita.secureagg.AggregationMessage.SurvivorsConfirmed;
import dev.tacita.secureagg.AggregationMessage.UnmaskAnswer;
import dev.tacita.secureagg.AggregationMessage.UnmaskRequest;
import dev.tacita.secureagg.ProtocolViolationException.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A site's side of one attempt at one round.
 *
 * <p>Guarantee: what leaves the site tells the aggregator, together with as many colluding sites as the terms allow,
 * nothing about the contribution but its sum with those of at least {@code minimumSites - 1} others. Against an {@link
 * Adversary#CURIOUS} aggregator this holds for up to threshold - 1 colluding sites; against one that deviates, where the
 * threshold is above (sites + corrupted) / 2, as the terms then make sure, and because the survivors sign their list.
 * Not protected: the sum itself, and who took part (Bonawitz et al. 2017; Bell et al. 2020).
 *
 * <p>Every attempt needs a new session: keys and seeds are drawn when it is made and never written, and it masks once. A
 * message that an aggregator who follows the protocol would not send ends it with a {@link ProtocolViolationException}.
 * Not for two threads at once.
 */
public final class SiteSession implements AutoCloseable {
    private final RoundTerms terms;
    private final SiteId me;
    private final SigningIdentity identity;
    private final SiteRegistry registry;
    private final Workers workers;
    private final SiteSecrets secrets = new SiteSecrets();
    private final KeyAdvertisement advertisement;
    private final List<Octets> received = new ArrayList<>();
    private Stage stage = Stage.KEYS;
    private Optional<Contribution> contribution = Optional.empty();
    private Optional<SiteRoster> roster = Optional.empty();
    private List<SiteId> survivors = List.of();

    private enum Stage {
        KEYS,
        SHARES,
        SURVIVORS,
        UNMASKING,
        OVER
    }

    private SiteSession(RoundTerms terms, SiteId me, SigningIdentity identity, SiteRegistry registry, Workers workers) {
        this.terms = terms;
        this.me = me;
        this.identity = identity;
        this.registry = registry;
        this.workers = workers;
        this.advertisement = secrets.advertise(terms.hash(), me, identity);
    }

    /**
     * A session with fresh keys.
     *
     * @param me this site, in the cohort and in the registry under the identity
     * @param rules what the site asks of the terms
     * @param aggregatorKey the aggregator's public key as the site knows it
     * @param workers who expands masks
     * @throws dev.tacita.core.ProblemsException if the terms are not what the site asks for, with every reason
     * @throws IllegalArgumentException if the site is not in the cohort, or registered under another identity
     */
    public static SiteSession open(
            RoundTerms terms,
            SiteId me,
            SigningIdentity identity,
            SiteRegistry registry,
            SiteRules rules,
            Octets aggregatorKey,
            Workers workers) {
        requireNonNull(workers, "workers is null");
        rules.check(terms, aggregatorKey, registry);
        if (!terms.sites().contains(me)) {
            throw new IllegalArgumentException("the site must be in the cohort. Not there: '" + me + "'");
        }
        if (!registry.key(me).equals(Optional.of(identity.publicKey()))) {
            throw new IllegalArgumentException("the registry must have the site's own key under '" + me + "'");
        }
        return new SiteSession(terms, me, identity, registry, workers);
    }

    /** What the site says first. */
    public KeyAdvertisement advertisement() {
        return advertisement;
    }

    /**
     * Hands over what the site contributes, before the shares are delivered; taken over, and masked in place.
     *
     * @throws IllegalArgumentException if it is not as the terms say; the message names no value
     * @throws IllegalStateException if there is one already
     */
    public void contribute(Contribution own) {
        own.check(terms);
        if (contribution.isPresent()) {
            throw new IllegalStateException("a session takes one contribution");
        }
        contribution = Optional.of(own);
    }

    /** Whether the next message needs the contribution to be there. */
    public boolean awaitsContribution() {
        return stage == Stage.SHARES && contribution.isEmpty();
    }

    /** Whether the session has ended: answered for the last time, given up, or closed. */
    public boolean isOver() {
        return stage == Stage.OVER;
    }

    /**
     * The site's answer to a message; none to one that is a repetition of a message that it has answered.
     *
     * @throws ProtocolViolationException if the message breaks the protocol; the session is over then
     * @throws IllegalStateException if the session is over, or needs a contribution first
     */
    public Optional<FromSite> receive(FromAggregator message) throws ProtocolViolationException {
        Octets digest =
                Transcript.of("message").add(MessageCodec.encode(message)).hash();
        if (received.contains(digest)) {
            return Optional.empty();
        }
        if (stage == Stage.OVER) {
            throw new IllegalStateException("the session is over");
        }
        if (awaitsContribution()) {
            throw new IllegalStateException("the session needs a contribution first");
        }
        try {
            FromSite answer = answer(message);
            received.add(digest);
            return Optional.of(answer);
        } catch (ProtocolViolationException e) {
            close();
            throw e;
        }
    }

    private FromSite answer(FromAggregator message) throws ProtocolViolationException {
        Stage of = stageOf(message);
        if (of.compareTo(stage) < 0) {
            throw new ProtocolViolationException(
                    Rule.CHANGED_MESSAGE, "the message of a stage must be the same for ever. Stage: " + of);
        }
        if (of != stage) {
            throw new ProtocolViolationException(
                    Rule.OUT_OF_ORDER, "stages must follow each other. Expected: " + stage + "; provided: " + of);
        }
        Octets context = roster.map(SiteRoster::context).orElse(advertisement.context());
        if (!message.context().equals(context)) {
            throw new ProtocolViolationException(
                    Rule.WRONG_CONTEXT, "a message must belong to the terms and keys of this attempt");
        }
        if (message instanceof KeyList list) {
            return share(list);
        } else if (message instanceof SharesDelivered delivered) {
            return mask(roster.orElseThrow(), delivered, contribution.orElseThrow());
        } else if (message instanceof SurvivorList list) {
            return confirm(roster.orElseThrow(), list);
        }
        return unmask(roster.orElseThrow(), (UnmaskRequest) message);
    }

    private static Stage stageOf(FromAggregator message) {
        if (message instanceof KeyList) {
            return Stage.KEYS;
        } else if (message instanceof SharesDelivered) {
            return Stage.SHARES;
        }
        return message instanceof SurvivorList ? Stage.SURVIVORS : Stage.UNMASKING;
    }

    private SharesSent share(KeyList list) throws ProtocolViolationException {
        SiteRoster checked = SiteRoster.check(terms, registry, advertisement, list);
        int[] holders = checked.holders();
        byte[][] pairs = secrets.split(terms.sharing().threshold(), holders.length);
        List<SealedShare> sealed = new ArrayList<>();
        for (int i = 0; i < holders.length; i++) {
            if (holders[i] == checked.me()) {
                secrets.hold(checked.me(), pairs[i]);
            } else if (checked.hasKeys(holders[i])) {
                SiteId peer = checked.site(holders[i]);
                byte[] agreed = secrets.agreeOnEncryption(checked.encryptionKey(holders[i]));
                byte[] key = checked.derivation().shareKey(agreed, me, peer);
                sealed.add(new SealedShare(
                        peer, secrets.seal(key, checked.derivation().boundToShare(me, peer), pairs[i])));
            }
            Arrays.fill(pairs[i], (byte) 0);
        }
        roster = Optional.of(checked);
        stage = Stage.SHARES;
        return new SharesSent(checked.context(), me, sealed);
    }

    private MaskedInput mask(SiteRoster others, SharesDelivered delivered, Contribution own)
            throws ProtocolViolationException {
        if (!delivered.to().equals(me)) {
            throw new ProtocolViolationException(Rule.NOT_FOR_ME, "the shares are for '" + delivered.to() + "'");
        }
        others.requireSharers(delivered.shares());
        for (SealedShare share : delivered.shares()) {
            int peer = others.index(share.peer());
            byte[] agreed = secrets.agreeOnEncryption(others.encryptionKey(peer));
            byte[] key = others.derivation().shareKey(agreed, share.peer(), me);
            byte[] both = Seal.open(key, others.derivation().boundToShare(share.peer(), me), share.bytes())
                    .filter(opened -> opened.length == 2 * Limits.SHARE)
                    .orElseThrow(() -> new ProtocolViolationException(
                            Rule.SHARES_NOT_AUTHENTIC,
                            "shares must be what their sender sealed for me. From: '" + share.peer() + "'"));
            Arrays.fill(key, (byte) 0);
            secrets.hold(peer, both);
            Arrays.fill(both, (byte) 0);
        }
        stage = Stage.SURVIVORS;
        return new MaskedInput(others.context(), me, masked(others, delivered.shares(), own));
    }

    private List<MaskedVector> masked(SiteRoster others, List<SealedShare> sharers, Contribution own) {
        Map<String, RingVector> vectors = own.vectors();
        List<Masks> masks = terms.vectors().stream().map(vector -> new Masks()).toList();
        for (int i = 0; i < masks.size(); i++) {
            masks.get(i)
                    .add(others.derivation()
                            .selfMask(secrets.selfSeed(), me, terms.vectors().get(i)));
        }
        for (SealedShare share : sharers) {
            byte[] agreed = secrets.agreeOnMasks(others.maskingKey(others.index(share.peer())));
            boolean peerIsLower = share.peer().compareTo(me) < 0;
            for (int i = 0; i < masks.size(); i++) {
                VectorSpec vector = terms.vectors().get(i);
                if (peerIsLower) {
                    masks.get(i).add(others.derivation().pairMask(agreed, share.peer(), me, vector));
                } else {
                    masks.get(i).subtract(others.derivation().pairMask(agreed, me, share.peer(), vector));
                }
            }
            Arrays.fill(agreed, (byte) 0);
        }
        List<MaskedVector> masked = new ArrayList<>();
        for (int i = 0; i < masks.size(); i++) {
            String name = terms.vectors().get(i).name();
            RingVector vector = requireNonNull(vectors.get(name), "checked when it was contributed");
            masks.get(i).applyTo(vector, workers);
            masked.add(new MaskedVector(name, vector.toBytes()));
        }
        vectors.clear();
        return masked;
    }

    private SurvivorsConfirmed confirm(SiteRoster others, SurvivorList list) throws ProtocolViolationException {
        others.requireSurvivors(list.survivors(), secrets);
        survivors = list.survivors();
        stage = Stage.UNMASKING;
        return new SurvivorsConfirmed(
                others.context(), me, identity.sign(SurvivorsConfirmed.signed(others.context(), survivors)));
    }

    private UnmaskAnswer unmask(SiteRoster others, UnmaskRequest request) throws ProtocolViolationException {
        others.requireRequest(request, survivors, secrets);
        others.requireSignatures(request.signatures(), survivors);
        byte[] shares = UnmaskShares.collect(others, secrets, request);
        byte[] key = secrets.newKey();
        Octets publicKey = Curve.agreementPublicKey(key);
        byte[] sealing = others.derivation().answerKey(Curve.agree(key, terms.aggregatorKey()), me, publicKey);
        Octets sealed = secrets.seal(sealing, others.derivation().boundToAnswer(me, publicKey), shares);
        Arrays.fill(key, (byte) 0);
        Arrays.fill(shares, (byte) 0);
        Octets context = others.context();
        close();
        return new UnmaskAnswer(context, me, publicKey, sealed);
    }

    /** Ends the session and overwrites its secrets. */
    @Override
    public void close() {
        stage = Stage.OVER;
        secrets.wipe();
        contribution.ifPresent(own -> own.vectors().values().forEach(RingVector::wipe));
        contribution = Optional.empty();
    }

    @Override
    public String toString() {
        return "session of " + me + " in " + terms.run() + " round " + terms.round() + " attempt " + terms.attempt();
    }
}
