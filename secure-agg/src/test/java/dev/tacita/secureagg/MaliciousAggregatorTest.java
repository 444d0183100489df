package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Adversary;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.FromSite;
import dev.tacita.secureagg.AggregationMessage.KeyAdvertisement;
import dev.tacita.secureagg.AggregationMessage.KeyList;
import dev.tacita.secureagg.AggregationMessage.SealedShare;
import dev.tacita.secureagg.AggregationMessage.SharesDelivered;
import dev.tacita.secureagg.AggregationMessage.SiteSignature;
import dev.tacita.secureagg.AggregationMessage.SurvivorList;
import dev.tacita.secureagg.AggregationMessage.UnmaskRequest;
import dev.tacita.secureagg.AggregatorSession.Stage;
import dev.tacita.secureagg.ProtocolViolationException.Rule;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * An aggregator that deviates: each site that is sent something wrong gives up, and says which rule was broken. Of six sites
 * the last never shares its secrets, and the last but one drops out before it sends its input.
 */
class MaliciousAggregatorTest {
    private static final SiteId VICTIM = Cohort.site(1);
    private static final SiteId OTHER = Cohort.site(2);
    private static final SiteId DROPPED = Cohort.site(4);
    private static final SiteId SILENT = Cohort.site(5);
    private static final SiteId STRANGER = new SiteId("stranger");

    private final Cohort cohort = Cohort.of(new Sharing.Complete(6, 0, Adversary.ACTIVE, 4), 3, 1);
    private final AggregatorSession aggregator = cohort.aggregator();

    private List<FromAggregator> honest(Stage stage) throws Exception {
        return cohort.runTo(
                aggregator,
                stage,
                (site, at) -> !(site.equals(SILENT) && at.compareTo(Stage.SHARES) >= 0)
                        && !(site.equals(DROPPED) && at.compareTo(Stage.INPUTS) >= 0));
    }

    private List<SiteId> alive(Stage stage) {
        return cohort.terms.sites().stream()
                .filter(site -> !site.equals(SILENT) || stage == Stage.SHARES)
                .filter(site -> !site.equals(DROPPED) || stage.compareTo(Stage.INPUTS) <= 0)
                .toList();
    }

    private static <T extends FromAggregator> List<FromAggregator> changed(
            List<FromAggregator> messages, Class<T> type, UnaryOperator<T> change) {
        return messages.stream()
                .map(message -> (FromAggregator) change.apply(type.cast(message)))
                .toList();
    }

    private void assertAborts(List<SiteId> sites, List<FromAggregator> messages, Rule rule) {
        for (SiteId site : sites) {
            assertAborts(site, messages, rule);
        }
    }

    private void assertAborts(SiteId site, List<FromAggregator> messages, Rule rule) {
        ProtocolViolationException thrown =
                catchThrowableOfType(ProtocolViolationException.class, () -> cohort.answer(site, messages));
        assertThat(thrown).as("%s must give up with %s", site, rule).isNotNull();
        assertThat(thrown.rule()).as("%s: %s", site, thrown.getMessage()).isEqualTo(rule);
        SiteSession session = cohort.session(site);
        assertThat(session.isOver()).isTrue();
        FromAggregator again = new SurvivorList(session.advertisement().context(), List.of());
        assertThatThrownBy(() -> session.receive(again)).hasMessage("the session is over");
    }

    private void assertEveryoneAborts(Stage stage, UnaryOperator<List<FromAggregator>> change, Rule rule)
            throws Exception {
        List<FromAggregator> messages = honest(stage);
        assertAborts(alive(stage), change.apply(messages), rule);
    }

    private void keys(UnaryOperator<List<KeyAdvertisement>> change, Rule rule) throws Exception {
        assertEveryoneAborts(
                Stage.SHARES,
                messages -> changed(
                        messages, KeyList.class, list -> new KeyList(list.context(), change.apply(list.keys()))),
                rule);
    }

    private static List<KeyAdvertisement> without(List<KeyAdvertisement> keys, Predicate<SiteId> removed) {
        return keys.stream().filter(each -> !removed.test(each.site())).toList();
    }

    private static <T> List<T> plus(List<T> list, T added) {
        List<T> all = new ArrayList<>(list);
        all.add(added);
        return all;
    }

    private static KeyAdvertisement keysOf(List<KeyAdvertisement> keys, SiteId site) {
        return keys.stream()
                .filter(each -> each.site().equals(site))
                .findFirst()
                .orElseThrow();
    }

    private static KeyAdvertisement with(KeyAdvertisement keys, SiteId site, Octets encryption, Octets masking) {
        return new KeyAdvertisement(keys.context(), site, encryption, masking, keys.seedCommitment(), keys.signature());
    }

    @Test
    void leavesOutTheKeysOfTheOneItTalksTo() throws Exception {
        List<FromAggregator> messages = honest(Stage.SHARES);
        for (SiteId site : cohort.terms.sites()) {
            assertAborts(
                    site,
                    changed(
                            messages,
                            KeyList.class,
                            list -> new KeyList(list.context(), without(list.keys(), site::equals))),
                    Rule.MY_KEYS_MISSING);
        }
    }

    @Test
    void hasTheKeysOfASiteTwice() throws Exception {
        keys(keys -> plus(keys, keysOf(keys, VICTIM)), Rule.REPEATED_SITE);
    }

    @Test
    void hasOneKeyUnderTwoNames() throws Exception {
        List<FromAggregator> copied = changed(honest(Stage.SHARES), KeyList.class, list -> {
            KeyAdvertisement original = keysOf(list.keys(), VICTIM);
            KeyAdvertisement copy =
                    with(keysOf(list.keys(), SILENT), SILENT, original.encryptionKey(), original.maskingKey());
            return new KeyList(list.context(), plus(without(list.keys(), SILENT::equals), copy));
        });
        for (SiteId site : cohort.terms.sites()) {
            assertAborts(site, copied, site.equals(SILENT) ? Rule.MY_KEYS_CHANGED : Rule.REPEATED_KEY);
        }
    }

    @Test
    void putsItsOwnKeysInTheNameOfASite() throws Exception {
        List<FromAggregator> messages = honest(Stage.SHARES);
        List<FromAggregator> forged = changed(messages, KeyList.class, list -> {
            KeyAdvertisement mine = with(
                            keysOf(list.keys(), VICTIM),
                            VICTIM,
                            AggregatorKey.generate().publicKey(),
                            AggregatorKey.generate().publicKey())
                    .signedBy(SigningIdentity.generate());
            return new KeyList(list.context(), plus(without(list.keys(), VICTIM::equals), mine));
        });
        for (SiteId site : cohort.terms.sites()) {
            assertAborts(site, forged, site.equals(VICTIM) ? Rule.MY_KEYS_CHANGED : Rule.BAD_SIGNATURE);
        }
    }

    @Test
    void inventsASite() throws Exception {
        keys(
                keys -> plus(
                        keys,
                        with(
                                        keys.get(0),
                                        STRANGER,
                                        AggregatorKey.generate().publicKey(),
                                        AggregatorKey.generate().publicKey())
                                .signedBy(SigningIdentity.generate())),
                Rule.UNKNOWN_SITE);
    }

    @Test
    void hasAKeyThatIsNoPoint() throws Exception {
        for (String bad : List.of("00".repeat(32), "ff".repeat(32), "ed" + "ff".repeat(30) + "7f")) {
            Octets key = Octets.copyOf(HexFormat.of().parseHex(bad));
            MaliciousAggregatorTest anew = new MaliciousAggregatorTest();
            List<FromAggregator> messages = anew.honest(Stage.SHARES);
            for (SiteId site : anew.cohort.terms.sites()) {
                SiteId of = site.equals(VICTIM) ? OTHER : VICTIM;
                anew.assertAborts(
                        site,
                        changed(
                                messages,
                                KeyList.class,
                                list -> new KeyList(
                                        list.context(),
                                        plus(
                                                without(list.keys(), of::equals),
                                                with(keysOf(list.keys(), of), of, key, key)))),
                        Rule.INVALID_KEY);
            }
        }
    }

    @Test
    void hasTooFewKeys() throws Exception {
        List<FromAggregator> messages = honest(Stage.SHARES);
        for (SiteId site : cohort.terms.sites()) {
            assertAborts(
                    site,
                    changed(
                            messages,
                            KeyList.class,
                            list -> new KeyList(
                                    list.context(),
                                    List.of(
                                            keysOf(list.keys(), site),
                                            keysOf(
                                                    without(list.keys(), site::equals),
                                                    site.equals(VICTIM) ? OTHER : VICTIM)))),
                    Rule.TOO_FEW_KEYS);
        }
    }

    @Test
    void givesSitesDifferentModels() throws Exception {
        RoundTerms terms = cohort.terms;
        RoundTerms otherModel = new RoundTerms(
                terms.run(),
                terms.round(),
                terms.attempt(),
                Octets.copyOf(HexFormat.of().parseHex("07".repeat(32))),
                terms.sites(),
                terms.sharing(),
                terms.minimumSites(),
                terms.vectors(),
                terms.aggregatorKey());
        SiteSession misled = cohort.open(VICTIM, otherModel);
        List<FromAggregator> messages = honest(Stage.SHARES);
        List<FromAggregator> mixed = changed(
                messages,
                KeyList.class,
                list -> new KeyList(
                        list.context(), plus(without(list.keys(), VICTIM::equals), misled.advertisement())));
        cohort.sessions.put(VICTIM, misled);
        for (SiteId site : terms.sites()) {
            assertAborts(site, mixed, site.equals(VICTIM) ? Rule.WRONG_CONTEXT : Rule.TERMS_DIFFER);
        }
    }

    private void shares(UnaryOperator<SharesDelivered> change, Rule rule) throws Exception {
        assertEveryoneAborts(Stage.INPUTS, messages -> changed(messages, SharesDelivered.class, change), rule);
    }

    private static SharesDelivered with(SharesDelivered delivered, List<SealedShare> shares) {
        return new SharesDelivered(delivered.context(), delivered.to(), shares);
    }

    @Test
    void changesAByteOfAShare() throws Exception {
        shares(
                delivered -> {
                    byte[] bytes = delivered.shares().get(0).bytes().toArray();
                    bytes[bytes.length / 2] ^= 1;
                    SealedShare changed =
                            new SealedShare(delivered.shares().get(0).peer(), Octets.copyOf(bytes));
                    return with(
                            delivered,
                            plus(
                                    delivered
                                            .shares()
                                            .subList(1, delivered.shares().size()),
                                    changed));
                },
                Rule.SHARES_NOT_AUTHENTIC);
    }

    @Test
    void saysThatAShareIsFromAnother() throws Exception {
        shares(
                delivered -> {
                    List<SealedShare> shares = delivered.shares();
                    return with(
                            delivered,
                            List.of(
                                    new SealedShare(
                                            shares.get(0).peer(), shares.get(1).bytes()),
                                    new SealedShare(
                                            shares.get(1).peer(), shares.get(0).bytes()),
                                    shares.get(2)));
                },
                Rule.SHARES_NOT_AUTHENTIC);
    }

    @Test
    void handsASiteTheSharesOfAnother() throws Exception {
        List<FromAggregator> messages = honest(Stage.INPUTS);
        for (SiteId site : alive(Stage.INPUTS)) {
            SiteId next = site.equals(VICTIM) ? OTHER : VICTIM;
            List<SealedShare> wrong = inbox(messages, site).shares().stream()
                    .map(share -> new SealedShare(
                            share.peer(),
                            share.peer().equals(next) ? share.bytes() : bytesFrom(messages, share.peer(), next)))
                    .toList();
            assertAborts(site, List.of(with(inbox(messages, site), wrong)), Rule.SHARES_NOT_AUTHENTIC);
        }
    }

    private static SharesDelivered inbox(List<FromAggregator> messages, SiteId site) {
        return (SharesDelivered) messages.stream()
                .filter(message -> Cohort.isFor(message, site))
                .findFirst()
                .orElseThrow();
    }

    private static Octets bytesFrom(List<FromAggregator> messages, SiteId from, SiteId to) {
        return inbox(messages, to).shares().stream()
                .filter(share -> share.peer().equals(from))
                .findFirst()
                .orElseThrow()
                .bytes();
    }

    @Test
    void handsOverSharesOfWhoTakesNoPart() throws Exception {
        shares(
                delivered -> with(
                        delivered,
                        plus(
                                delivered.shares(),
                                new SealedShare(
                                        STRANGER, delivered.shares().get(0).bytes()))),
                Rule.SHARES_OF_STRANGER);
    }

    @Test
    void handsASiteSharesFromItself() throws Exception {
        shares(
                delivered -> with(
                        delivered,
                        plus(
                                delivered.shares(),
                                new SealedShare(
                                        delivered.to(),
                                        delivered.shares().get(0).bytes()))),
                Rule.SHARES_OF_STRANGER);
    }

    @Test
    void handsOverAShareTwice() throws Exception {
        shares(
                delivered -> with(
                        delivered, plus(delivered.shares(), delivered.shares().get(0))),
                Rule.REPEATED_SITE);
    }

    @Test
    void handsOverTooFewShares() throws Exception {
        shares(delivered -> with(delivered, delivered.shares().subList(0, 2)), Rule.TOO_FEW_SHARES);
    }

    @Test
    void sendsASiteWhatIsForAnother() throws Exception {
        List<FromAggregator> messages = honest(Stage.INPUTS);
        for (SiteId site : alive(Stage.INPUTS)) {
            FromAggregator wrong = messages.stream()
                    .filter(message -> !Cohort.isFor(message, site))
                    .findFirst()
                    .orElseThrow();
            ProtocolViolationException thrown = catchThrowableOfType(
                    ProtocolViolationException.class, () -> cohort.session(site).receive(wrong));
            assertThat(thrown.rule()).isEqualTo(Rule.NOT_FOR_ME);
        }
    }

    private void survivors(UnaryOperator<List<SiteId>> change, Rule rule) throws Exception {
        assertEveryoneAborts(
                Stage.SIGNATURES,
                messages -> changed(
                        messages,
                        SurvivorList.class,
                        list -> new SurvivorList(list.context(), change.apply(list.survivors()))),
                rule);
    }

    @Test
    void saysThatASiteThatContributedIsDead() throws Exception {
        List<FromAggregator> messages = honest(Stage.SIGNATURES);
        for (SiteId site : alive(Stage.SIGNATURES)) {
            assertAborts(
                    site,
                    changed(
                            messages,
                            SurvivorList.class,
                            list -> new SurvivorList(
                                    list.context(),
                                    list.survivors().stream()
                                            .filter(each -> !each.equals(site))
                                            .toList())),
                    Rule.MYSELF_NAMED_DEAD);
        }
    }

    @Test
    void namesASurvivorTwice() throws Exception {
        survivors(list -> plus(list, list.get(0)), Rule.REPEATED_SITE);
    }

    @Test
    void namesASurvivorWhoNeverShared() throws Exception {
        survivors(list -> plus(list, SILENT), Rule.ALREADY_DEAD);
    }

    @Test
    void namesASurvivorWhomNobodyKnows() throws Exception {
        survivors(list -> plus(list, STRANGER), Rule.UNKNOWN_SITE);
    }

    @Test
    void namesTooFewSurvivors() throws Exception {
        List<FromAggregator> messages = honest(Stage.SIGNATURES);
        for (SiteId site : alive(Stage.SIGNATURES)) {
            assertAborts(
                    site,
                    changed(
                            messages,
                            SurvivorList.class,
                            list -> new SurvivorList(
                                    list.context(), List.of(site, site.equals(VICTIM) ? OTHER : VICTIM))),
                    Rule.TOO_FEW_SURVIVORS);
        }
    }

    /** Two lists for two halves: neither half can gather as many signatures as make its list the only one. */
    @Test
    void namesDifferentSurvivorsToDifferentSites() throws Exception {
        List<FromAggregator> messages = honest(Stage.SIGNATURES);
        List<SiteId> alive = alive(Stage.SIGNATURES);
        List<SiteId> all = plus(alive, DROPPED);
        Map<SiteId, SiteSignature> signatures = new TreeMap<>();
        List<SiteId> first = alive.subList(0, 2);
        for (SiteId site : alive) {
            List<SiteId> shown = first.contains(site) ? all : alive;
            FromSite answer = cohort.answer(
                            site,
                            changed(messages, SurvivorList.class, list -> new SurvivorList(list.context(), shown)))
                    .orElseThrow();
            signatures.put(site, new SiteSignature(site, ((AggregationMessage.SurvivorsConfirmed) answer).signature()));
        }
        for (SiteId site : alive) {
            List<SiteId> shown = first.contains(site) ? all : alive;
            List<SiteSignature> fitting = alive.stream()
                    .filter(other -> first.contains(other) == first.contains(site))
                    .map(other -> requireNonNull(signatures.get(other)))
                    .toList();
            boolean pretends = site.equals(VICTIM) || site.equals(OTHER);
            UnmaskRequest request = new UnmaskRequest(
                    messages.get(0).context(), shown, List.of(), pretends ? List.copyOf(signatures.values()) : fitting);
            assertAborts(site, List.of(request), pretends ? Rule.BAD_SIGNATURE : Rule.TOO_FEW_SIGNATURES);
        }
    }

    private void request(UnaryOperator<UnmaskRequest> change, Rule rule) throws Exception {
        assertEveryoneAborts(Stage.ANSWERS, messages -> changed(messages, UnmaskRequest.class, change), rule);
    }

    private static UnmaskRequest with(UnmaskRequest request, List<SiteId> selfMasks, List<SiteId> maskingKeys) {
        return new UnmaskRequest(request.context(), selfMasks, maskingKeys, request.signatures());
    }

    @Test
    void asksForBothSecretsOfOneThatDropped() throws Exception {
        request(
                request -> with(request, plus(request.selfMasksOf(), DROPPED), request.maskingKeysOf()),
                Rule.BOTH_SECRETS);
    }

    @Test
    void asksForBothSecretsOfASurvivor() throws Exception {
        List<FromAggregator> messages = honest(Stage.ANSWERS);
        for (SiteId site : alive(Stage.ANSWERS)) {
            SiteId target = site.equals(VICTIM) ? OTHER : VICTIM;
            assertAborts(
                    site,
                    changed(
                            messages,
                            UnmaskRequest.class,
                            request -> with(request, request.selfMasksOf(), plus(request.maskingKeysOf(), target))),
                    Rule.BOTH_SECRETS);
        }
    }

    @Test
    void asksForTheMaskingKeyOfTheSiteItself() throws Exception {
        List<FromAggregator> messages = honest(Stage.ANSWERS);
        for (SiteId site : alive(Stage.ANSWERS)) {
            assertAborts(
                    site,
                    changed(
                            messages,
                            UnmaskRequest.class,
                            request -> with(request, request.selfMasksOf(), plus(request.maskingKeysOf(), site))),
                    Rule.MYSELF_NAMED_DEAD);
        }
    }

    @Test
    void asksForTheMaskingKeyOfASurvivorWhomItLeftOut() throws Exception {
        List<FromAggregator> messages = honest(Stage.ANSWERS);
        for (SiteId site : alive(Stage.ANSWERS)) {
            SiteId target = site.equals(VICTIM) ? OTHER : VICTIM;
            assertAborts(
                    site,
                    changed(
                            messages,
                            UnmaskRequest.class,
                            request -> with(
                                    request,
                                    request.selfMasksOf().stream()
                                            .filter(each -> !each.equals(target))
                                            .toList(),
                                    plus(request.maskingKeysOf(), target))),
                    Rule.SURVIVORS_DIFFER);
        }
    }

    @Test
    void asksForAKeyOfOneWhoNeverShared() throws Exception {
        request(
                request -> with(request, request.selfMasksOf(), plus(request.maskingKeysOf(), SILENT)),
                Rule.ALREADY_DEAD);
    }

    @Test
    void asksForAKeyOfOneWhomNobodyKnows() throws Exception {
        request(
                request -> with(request, request.selfMasksOf(), plus(request.maskingKeysOf(), STRANGER)),
                Rule.UNKNOWN_SITE);
    }

    @Test
    void asksForAKeyTwice() throws Exception {
        request(
                request -> with(request, request.selfMasksOf(), plus(request.maskingKeysOf(), DROPPED)),
                Rule.REPEATED_SITE);
    }

    @Test
    void forgesASignature() throws Exception {
        request(
                request -> new UnmaskRequest(
                        request.context(),
                        request.selfMasksOf(),
                        request.maskingKeysOf(),
                        request.signatures().stream()
                                .map(each -> new SiteSignature(
                                        each.site(), SigningIdentity.generate().sign(request.context())))
                                .toList()),
                Rule.BAD_SIGNATURE);
    }

    @Test
    void hasTooFewSignatures() throws Exception {
        request(
                request -> new UnmaskRequest(
                        request.context(),
                        request.selfMasksOf(),
                        request.maskingKeysOf(),
                        request.signatures().subList(0, 3)),
                Rule.TOO_FEW_SIGNATURES);
    }

    @Test
    void repeatsASignature() throws Exception {
        request(
                request -> new UnmaskRequest(
                        request.context(),
                        request.selfMasksOf(),
                        request.maskingKeysOf(),
                        plus(request.signatures(), request.signatures().get(0))),
                Rule.REPEATED_SITE);
    }

    @Test
    void skipsTheConsistencyCheck() throws Exception {
        List<FromAggregator> messages = honest(Stage.SIGNATURES);
        SurvivorList list = (SurvivorList) messages.get(0);
        assertAborts(
                alive(Stage.SIGNATURES),
                List.of(new UnmaskRequest(list.context(), list.survivors(), List.of(), List.of())),
                Rule.OUT_OF_ORDER);
    }

    @Test
    void asksForASecondInputUnderTheSameMasks() throws Exception {
        List<FromAggregator> inboxes = honest(Stage.INPUTS);
        for (SiteId site : alive(Stage.INPUTS)) {
            cohort.answer(site, inboxes);
            assertThat(cohort.answer(site, inboxes))
                    .as("a repetition has no answer")
                    .isEmpty();
            assertAborts(
                    site,
                    changed(
                            inboxes,
                            SharesDelivered.class,
                            delivered -> with(
                                    delivered,
                                    delivered
                                            .shares()
                                            .subList(1, delivered.shares().size()))),
                    Rule.CHANGED_MESSAGE);
        }
    }

    @Test
    void replaysAnotherAttempt() throws Exception {
        Cohort earlier = new Cohort(Cohort.terms(cohort.terms.sharing(), 3, 2), 2);
        List<FromAggregator> old = earlier.runTo(earlier.aggregator(), Stage.SHARES, (site, stage) -> true);
        assertAborts(cohort.terms.sites(), old, Rule.WRONG_CONTEXT);
    }

    @Test
    void asksASiteIntoACohortOfStrangers() {
        List<SiteId> sites = List.of(VICTIM, OTHER, STRANGER);
        RoundTerms terms = new RoundTerms(
                cohort.terms.run(),
                1,
                1,
                cohort.terms.model(),
                sites,
                Sharing.Complete.of(3, 0, Adversary.ACTIVE),
                3,
                Cohort.VECTORS,
                AggregatorKey.generate().publicKey());
        assertThatThrownBy(() -> SiteSession.open(
                        terms,
                        VICTIM,
                        Cohort.identity(VICTIM),
                        cohort.registry,
                        new SiteRules(4, Adversary.ACTIVE, 1),
                        Cohort.AGGREGATOR.publicKey(),
                        Workers.callingThread()))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("the site asks for at least 4. Provided value: 3")
                .hasMessageContaining("corrupted: the site asks for at least 1")
                .hasMessageContaining("aggregator-key: must be the one that the site knows")
                .hasMessageContaining("Not there: 'stranger'");
    }
}
