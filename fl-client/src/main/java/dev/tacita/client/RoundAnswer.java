package dev.tacita.client;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.StageMessage;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Stage;
import dev.tacita.wire.TransportException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works a round's answer out and sends it, once, and only while the round is open. A broken connection is waited out
 * as long as it is.
 */
final class RoundAnswer implements RoundWork {
    private static final Logger LOG = LoggerFactory.getLogger(RoundAnswer.class);

    private final SiteId site;
    private final Judgement.Accepted accepted;
    private final AskedRound asked;
    private final SiteWork work;
    private final Outbox outbox;
    private final Outage outage;
    private final Backoff backoff;
    private final Clock clock;
    private volatile boolean withdrawn;
    private Optional<Answer> answer = Optional.empty();
    private double seconds;
    private boolean sent;

    RoundAnswer(
            SiteId site,
            Judgement.Accepted accepted,
            AskedRound asked,
            SiteWork work,
            Outbox outbox,
            Outage outage,
            Backoff backoff,
            Clock clock) {
        this.site = site;
        this.accepted = accepted;
        this.asked = asked;
        this.work = work;
        this.outbox = outbox;
        this.outage = outage;
        this.backoff = backoff;
        this.clock = clock;
    }

    @Override
    public RoundKey place() {
        return asked.message().place();
    }

    @Override
    public boolean isOf(AskedRound other) {
        return asked.message().equals(other.message());
    }

    @Override
    public void withdraw() {
        withdrawn = true;
    }

    @Override
    public boolean hear(List<StageMessage> said) {
        return false;
    }

    @Override
    public void countedOut(Stage stage) {}

    @Override
    public void run() {
        try {
            while (isWanted() && !answered()) {
                Thread.sleep(backoff.next().toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (EgressException e) {
            LOG.error("{}: {}: {}", site, place(), e.getMessage(), e);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            LOG.error("{}: {}: the answer could not be sent", site, place(), e);
        }
        if (!sent && !isWanted()) {
            LOG.info("{}: {} was over before it was answered", site, place());
        }
    }

    private boolean answered() throws InterruptedException {
        try {
            Answer ready = answer.isPresent() ? answer.get() : prepare();
            if (isWanted()) {
                send(ready);
                sent = true;
                outage.over();
            }
            return true;
        } catch (TransportException e) {
            outage.began(e);
            return false;
        }
    }

    private Answer prepare() throws InterruptedException {
        long start = System.nanoTime();
        Answer ready = work.answer(accepted, asked);
        seconds = (System.nanoTime() - start) / 1e9;
        answer = Optional.of(ready);
        return ready;
    }

    private boolean isWanted() {
        return !withdrawn && clock.instant().isBefore(asked.expires());
    }

    private void send(Answer ready) throws InterruptedException {
        RoundOpened message = asked.message();
        RunPlan plan = accepted.plan();
        if (ready instanceof Answer.Update update) {
            outbox.contribute(message.place(), update.update(), update.metrics(), seconds, update.epsilon());
            LOG.info(
                    "{}: {}: contributed {} numbers that count for {} examples, in {} s",
                    site,
                    place(),
                    update.update().payload().length,
                    update.update().weight(),
                    String.format(Locale.ROOT, "%.1f", seconds));
        } else if (ready instanceof Answer.Metrics metrics) {
            outbox.evaluated(message.place(), plan.protection().kind(), metrics.metrics(), seconds);
            LOG.info("{}: {}: evaluated the model", site, place());
        } else if (ready instanceof Answer.Refused refused) {
            outbox.refuse(message.place().run(), Refusal.Kind.POLICY, List.of(refused.reason()));
            LOG.info("{}: {}: refused: {}", site, place(), refused.reason());
        } else if (ready instanceof Answer.Failed failed) {
            outbox.refuse(message.place().run(), Refusal.Kind.FAILURE, List.of(failed.reason()));
        }
    }
}
