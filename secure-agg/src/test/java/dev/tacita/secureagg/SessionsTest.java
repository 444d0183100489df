package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Adversary;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.core.number.Quantization;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.FromSite;
import dev.tacita.secureagg.AggregationMessage.KeyAdvertisement;
import dev.tacita.secureagg.AggregationMessage.MaskedInput;
import dev.tacita.secureagg.AggregationMessage.SharesSent;
import dev.tacita.secureagg.AggregationMessage.SurvivorsConfirmed;
import dev.tacita.secureagg.AggregationMessage.UnmaskAnswer;
import dev.tacita.secureagg.AggregatorSession.Stage;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final Sharing FIVE = Sharing.Complete.of(5, 0, Adversary.ACTIVE);
    private static final SiteId LATE = Cohort.site(2);

    private final Cohort cohort = Cohort.of(FIVE, 3, 1);
    private final List<Object> log = new ArrayList<>();

    /** Drives a round and writes down what the aggregator took in, its closings as stages. */
    private Aggregate logged(AggregatorSession aggregator) throws Exception {
        for (SiteSession session : cohort.sessions.values()) {
            take(aggregator, session.advertisement());
        }
        List<FromAggregator> messages = close(aggregator);
        while (aggregator.stage() != Stage.DONE) {
            for (SiteId site : List.copyOf(aggregator.asked())) {
                if (!site.equals(LATE) || aggregator.stage().compareTo(Stage.INPUTS) < 0) {
                    FromSite answer = cohort.answer(site, messages).orElseThrow();
                    take(aggregator, answer);
                    assertThat(aggregator.receive(answer)).isEqualTo(Reception.REPEATED);
                }
            }
            messages = close(aggregator);
        }
        return aggregator.aggregate().orElseThrow();
    }

    private void take(AggregatorSession aggregator, FromSite message) {
        log.add(message);
        assertThat(aggregator.receive(message)).isEqualTo(Reception.COUNTED);
    }

    private List<FromAggregator> close(AggregatorSession aggregator) throws AggregationFailedException {
        log.add(aggregator.stage());
        return aggregator.closeStage();
    }

    @Test
    void anAggregatorThatCrashedReplaysItsLogFromAnyPlace() throws Exception {
        Aggregate sum = logged(cohort.aggregator());
        assertThat(sum.sums()).isEqualTo(cohort.sums(sum.survivors()));
        List<Octets> first = replay(log.size());
        for (int crash = 0; crash <= log.size(); crash++) {
            List<Octets> again = replay(crash);
            assertThat(again.equals(first)).as("crash at %s", crash).isTrue();
        }
        AggregatorSession replayed = cohort.aggregator();
        for (Object entry : log) {
            if (entry instanceof Stage) {
                replayed.closeStage();
            } else {
                replayed.receive((FromSite) entry);
            }
        }
        assertThat(replayed.aggregate()).hasValue(sum);
    }

    /** All messages that were sent, by one aggregator up to the crash and by another after it, which replays first. */
    private List<Octets> replay(int crash) throws Exception {
        List<Octets> sent = new ArrayList<>();
        for (int[] part : new int[][] {{0, crash}, {crash, log.size()}}) {
            AggregatorSession aggregator = cohort.aggregator();
            for (int i = 0; i < part[1]; i++) {
                Object entry = log.get(i);
                if (entry instanceof Stage) {
                    for (FromAggregator message : aggregator.closeStage()) {
                        if (i >= part[0]) {
                            sent.add(Octets.copyOf(MessageCodec.encode(message)));
                        }
                    }
                } else {
                    aggregator.receive((FromSite) entry);
                }
            }
        }
        return sent;
    }

    /** E8. */
    @Test
    void aLateInputIsNeverAdded() throws Exception {
        AggregatorSession aggregator = cohort.aggregator();
        List<FromAggregator> inboxes = cohort.runTo(aggregator, Stage.INPUTS, (site, stage) -> true);
        for (SiteId site : cohort.terms.sites()) {
            if (!site.equals(LATE)) {
                aggregator.receive(cohort.answer(site, inboxes).orElseThrow());
            }
        }
        List<FromAggregator> lists = aggregator.closeStage();
        FromSite late = cohort.answer(LATE, inboxes).orElseThrow();
        assertThat(aggregator.receive(late)).isEqualTo(Reception.LATE);
        for (SiteId site : aggregator.asked()) {
            aggregator.receive(cohort.answer(site, lists).orElseThrow());
        }
        List<FromAggregator> requests = aggregator.closeStage();
        for (SiteId site : List.copyOf(aggregator.asked())) {
            aggregator.receive(cohort.answer(site, requests).orElseThrow());
            assertThat(aggregator.receive(late)).isEqualTo(Reception.LATE);
        }
        aggregator.closeStage();
        Aggregate sum = aggregator.aggregate().orElseThrow();
        assertThat(sum.survivors()).hasSize(4).doesNotContain(LATE);
        assertThat(sum.sums()).isEqualTo(cohort.sums(sum.survivors()));
    }

    @Test
    void whatIsNotASitesWordIsRefusedByName() throws Exception {
        AggregatorSession aggregator = cohort.aggregator();
        SiteSession session = cohort.session(LATE);
        KeyAdvertisement keys = session.advertisement();
        Octets zeros = Octets.copyOf(new byte[64]);
        KeyAdvertisement unsigned = new KeyAdvertisement(
                keys.context(), LATE, keys.encryptionKey(), keys.maskingKey(), keys.seedCommitment(), zeros);
        assertThat(aggregator.receive(unsigned)).isEqualTo(Reception.BAD_SIGNATURE);
        assertThat(aggregator.receive(new KeyAdvertisement(
                        keys.context(), LATE, keys.maskingKey(), keys.maskingKey(), keys.seedCommitment(), zeros)))
                .isEqualTo(Reception.BAD_CONTENT);
        assertThat(aggregator.receive(new KeyAdvertisement(
                        keys.context(),
                        new SiteId("stranger"),
                        keys.encryptionKey(),
                        keys.maskingKey(),
                        keys.seedCommitment(),
                        zeros)))
                .isEqualTo(Reception.NOT_ASKED);
        Cohort otherAttempt = new Cohort(Cohort.terms(FIVE, 3, 2), 1);
        assertThat(aggregator.receive(otherAttempt.session(LATE).advertisement()))
                .isEqualTo(Reception.WRONG_CONTEXT);
        assertThat(aggregator.receive(new MaskedInput(keys.context(), LATE, List.of())))
                .isEqualTo(Reception.EARLY);
        assertThat(aggregator.answered()).isEmpty();
        List<FromAggregator> inboxes = cohort.runTo(aggregator, Stage.INPUTS, (site, stage) -> true);
        assertThat(aggregator.receive(keys)).isEqualTo(Reception.LATE);
        Octets context = inboxes.get(0).context();
        assertThat(aggregator.receive(new MaskedInput(context, LATE, List.of())))
                .isEqualTo(Reception.BAD_CONTENT);
        assertThat(aggregator.receive(new SharesSent(context, LATE, List.of()))).isEqualTo(Reception.LATE);
        aggregator.close();
        assertThat(aggregator.receive(new SurvivorsConfirmed(context, LATE, zeros)))
                .isEqualTo(Reception.LATE);
    }

    @Test
    void answersThatAreNotSharesAreRefusedAndFalseOnesAreNoticed() throws Exception {
        AggregatorSession aggregator = cohort.aggregator();
        List<FromAggregator> requests = cohort.runTo(aggregator, Stage.ANSWERS, (site, stage) -> true);
        Octets context = requests.get(0).context();
        Octets key = AggregatorKey.generate().publicKey();
        assertThat(aggregator.receive(new UnmaskAnswer(context, LATE, key, Octets.copyOf(new byte[500]))))
                .isEqualTo(Reception.BAD_CONTENT);
        assertThat(aggregator.receive(
                        new UnmaskAnswer(context, LATE, Octets.copyOf(new byte[32]), Octets.copyOf(new byte[500]))))
                .isEqualTo(Reception.BAD_CONTENT);
        for (SiteId site : cohort.terms.sites()) {
            UnmaskAnswer answer = (UnmaskAnswer) cohort.answer(site, requests).orElseThrow();
            aggregator.receive(site.equals(Cohort.site(0)) ? withOneFalseShare(answer) : answer);
        }
        assertThatThrownBy(aggregator::closeStage)
                .isInstanceOf(AggregationFailedException.class)
                .hasMessageContaining("shares of a secret must give the secret that was announced. Of: 'site-0003'");
        assertThat(aggregator.aggregate()).isEmpty();
    }

    /** As a site that lies would send it. */
    private static UnmaskAnswer withOneFalseShare(UnmaskAnswer answer) throws MalformedMessageException {
        Derivation derivation = new Derivation(answer.context());
        Octets bound = derivation.boundToAnswer(answer.site(), answer.key());
        byte[] opened = Seal.open(
                        derivation.answerKey(Cohort.AGGREGATOR.agree(answer.key()), answer.site(), answer.key()),
                        bound,
                        answer.sealed())
                .orElseThrow();
        int thirdOwner = 4 + 3 * (4 + Limits.SHARE) + 4;
        opened[thirdOwner + 35] ^= 1;
        assertThat(UnmaskShares.read(opened).ofSelfSeeds()).hasSize(5);
        return new UnmaskAnswer(
                answer.context(),
                answer.site(),
                answer.key(),
                Seal.close(
                        derivation.answerKey(Cohort.AGGREGATOR.agree(answer.key()), answer.site(), answer.key()),
                        bound,
                        opened,
                        new SecureRandom()));
    }

    @Test
    void aContributionThatIsNotAsTheTermsSayStaysHome() {
        SiteSession session = cohort.open(LATE);
        Map<String, RingVector> input = cohort.input(new Random(5));
        assertThatThrownBy(() -> session.contribute(Contribution.empty()))
                .hasMessage("the contribution must have the vector 'update'");
        Contribution extra = Cohort.contribution(input).with("more", RingVector.of(Modulus.TWO_32, 1));
        assertThatThrownBy(() -> session.contribute(extra)).hasMessageContaining("that the terms do not name");
        Contribution large = Cohort.contribution(input);
        large.addNoise("update", vector -> vector.set(3, 77_123_456L));
        assertThatThrownBy(() -> session.contribute(large))
                .hasMessage("the numbers of 'update' must be within +-524287. One that is not is at index 3");
        Contribution twice = Contribution.empty().with("v", RingVector.of(Modulus.TWO_32, 1));
        assertThatThrownBy(() -> twice.with("v", RingVector.of(Modulus.TWO_32, 1)))
                .hasMessageContaining("Twice there");
        assertThatThrownBy(() -> twice.addNoise("w", vector -> {})).hasMessageContaining("there is no vector 'w'");
        session.contribute(Cohort.contribution(input));
        assertThatThrownBy(() -> session.contribute(Cohort.contribution(input)))
                .hasMessage("a session takes one contribution");
        SiteSession empty = cohort.open(LATE);
        assertThat(empty.awaitsContribution()).isFalse();
    }

    /** Two sites' shares of noise are in the sum, whose third site added none. */
    @Test
    void noiseIsAddedBeforeTheMasks() throws Exception {
        Cohort noisy = Cohort.of(Sharing.Complete.of(3, 0, Adversary.ACTIVE), 3, 4);
        for (int i = 0; i < 2; i++) {
            SiteSession session = noisy.open(Cohort.site(i));
            Contribution contribution = Contribution.empty();
            Cohort.VECTORS.forEach(
                    spec -> contribution.with(spec.name(), RingVector.zeros(spec.modulus(), spec.length())));
            session.contribute(contribution.addNoise("update", vector -> vector.add(0, 5)));
            noisy.sessions.put(Cohort.site(i), session);
        }
        Aggregate sum = noisy.run((site, stage) -> true);
        long third = noisy.vector(Cohort.site(2), "update").number(0);
        assertThat(sum.sum("update").number(0)).isEqualTo(third + 10);
    }

    /** E14, and the exact words of a plain run. */
    @Test
    void updatesComeOutAsTheirWeightedMean() {
        Quantization quantization = new Quantization(1, 28, 500);
        RingVector quantized = RingVector.zeros(Modulus.TWO_32, 21);
        RingVector exact = RingVector.zeros(Modulus.TWO_64, 21);
        double[] mean = new double[20];
        long[] words = new long[20];
        Random random = new Random(3);
        long total = 0;
        for (int site = 0; site < 10; site++) {
            float[] values = new float[20];
            long weight = 1L + random.nextInt(500);
            total += weight;
            for (int i = 0; i < 20; i++) {
                values[i] = 2 * random.nextFloat() - 1;
                mean[i] += weight * (double) values[i];
                words[i] += weight * FixedPoint.STANDARD.encode(values[i]);
            }
            quantized.add(Contribution.empty()
                    .with(
                            "u",
                            Modulus.TWO_32,
                            new ModelUpdate(values, weight)
                                    .withoutClipping()
                                    .quantize(quantization, new RoundingBits()))
                    .vector("u"));
            exact.add(Contribution.empty()
                    .with("u", new ModelUpdate(values, weight).withoutClipping().encode(FixedPoint.STANDARD))
                    .vector("u"));
        }
        assertThat(quantized.number(0)).isEqualTo(total);
        assertThat(exact.number(0)).isEqualTo(total);
        for (int i = 0; i < 20; i++) {
            assertThat(Math.abs(quantization.mean(quantized.number(1 + i), total) - mean[i] / total))
                    .isLessThan(quantization.errorBound(10, total));
            assertThat(exact.number(1 + i)).isEqualTo(words[i]);
        }
    }

    @Test
    void secretsAreInNoText() throws Exception {
        SiteSecrets secrets = new SiteSecrets();
        SigningIdentity identity = SigningIdentity.generate();
        SiteSession session = cohort.session(LATE);
        Contribution contribution = Cohort.contribution(requireNonNull(cohort.inputs.get(LATE)));
        String texts = session + " " + contribution + " " + Octets.copyOf(secrets.selfSeed()) + " " + identity + " "
                + Cohort.AGGREGATOR + " " + cohort.aggregator() + " "
                + new Shamir.Share(1, Octets.copyOf(new byte[36]))
                + new UnmaskShares(Map.of(1, Octets.copyOf(secrets.selfSeed())), Map.of());
        HexFormat hex = HexFormat.of();
        assertThat(texts)
                .doesNotContain(hex.formatHex(secrets.selfSeed()))
                .doesNotContain(hex.formatHex(identity.secretBytes()))
                .doesNotContain(hex.formatHex(Cohort.AGGREGATOR.secretBytes()))
                .contains("session of site-0002 in run-1 round 1 attempt 1", "36 bytes");
        byte[] seed = secrets.selfSeed();
        assertThat(seed).isNotEqualTo(new byte[32]);
        secrets.wipe();
        assertThat(seed).isEqualTo(new byte[32]);
    }

    @Test
    void everySessionHasFreshKeys() {
        KeyAdvertisement one = cohort.open(LATE).advertisement();
        KeyAdvertisement two = cohort.open(LATE).advertisement();
        assertThat(one.context()).isEqualTo(two.context());
        assertThat(List.of(one.encryptionKey(), one.maskingKey(), two.encryptionKey(), two.maskingKey()))
                .doesNotHaveDuplicates();
        assertThat(one.seedCommitment()).isNotEqualTo(two.seedCommitment());
    }
}
