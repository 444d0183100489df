package dev.tacita.client;

import dev.tacita.core.SiteId;
import dev.tacita.dp.ledger.PrivacyBudget;
import dev.tacita.dp.plan.RunLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site in a federation: follows the aggregator's log, judges each run by the site's policy, trains in the rounds that
 * ask for it, and sends what the plan and the policy let out. Made by {@link #builder()}; starts once.
 *
 * <p>Guarantees: no example leaves; nothing leaves that the policy does not allow or the egress record does not hold;
 * an update leaves only as the run's protection makes it. A broken connection is waited out for as long as it takes.
 * What a plan's noise leaves to be seen is counted in the privacy ledger before it leaves, and stays within the policy's
 * budgets. Not guaranteed: that updates without noise, and metrics, reveal nothing about the examples.
 */
public final class Participant implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Participant.class);

    private final SiteId site;
    private final Duration shutdown;
    private final Optional<WorkFolder> folder;
    private final Optional<ModelCache> ownModels;
    private final EgressRecord egress;
    private final Optional<RunLedger> ledger;
    private final Answers answers;
    private final SiteAgent agent;
    private final Thread thread;
    private boolean started;
    private boolean closed;

    Participant(AgentSetup setup) {
        site = setup.site();
        shutdown = setup.timing().shutdown();
        folder = setup.workFolder().map(path -> WorkFolder.open(path, setup.federation(), site));
        SummedRounds sums = openSums(folder);
        egress = openEgress(folder);
        ledger = openLedger(setup, folder, egress);
        ModelCache models = setup.models()
                .orElseGet(() ->
                        new ModelCache(setup.transport(), 2, setup.timing().quiet()));
        ownModels = setup.models().isPresent() ? Optional.empty() : Optional.of(models);
        answers = new Answers(setup.executor(), "tacita-" + site + "-training", shutdown.dividedBy(4));
        KeptUpdates kept = new KeptUpdates(folder.map(WorkFolder::keptUpdates));
        SiteMemories memories = new SiteMemories(folder.map(WorkFolder::siteMemories));
        PersonalModels personal = new PersonalModels(folder.map(WorkFolder::personalModels));
        agent = new SiteAgent(
                setup,
                models,
                egress,
                ledger,
                kept,
                memories,
                personal,
                sums,
                answers,
                new AgentMemory(folder, models));
        thread = new Thread(agent, "tacita-" + site);
        thread.setDaemon(true);
    }

    /** Builds a participant. */
    public static ParticipantBuilder builder() {
        return new ParticipantBuilder();
    }

    /**
     * Begins to take part, and returns.
     *
     * @throws IllegalStateException if it was started or closed before
     */
    public synchronized void start() {
        if (started || closed) {
            throw new IllegalStateException("a participant starts once");
        }
        started = true;
        thread.start();
    }

    /** Takes part until {@link #close} is called from another thread or this thread is interrupted. */
    public void participate() {
        start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Stops the work, says goodbye and lets everything go, within the shutdown time of {@link AgentTiming} whatever
     * the trainer and the broker do. The transport, and what was shared, stay the caller's.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        boolean interrupted = Thread.interrupted();
        agent.end();
        if (started) {
            thread.interrupt();
            interrupted |= join(shutdown.dividedBy(2));
            if (thread.isAlive()) {
                thread.interrupt();
                interrupted |= join(shutdown.dividedBy(4));
            }
        }
        answers.close();
        interrupted |= awaitAnswers();
        ownModels.ifPresent(ModelCache::close);
        ledger.ifPresent(RunLedger::close);
        egress.close();
        folder.ifPresent(WorkFolder::close);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean join(Duration most) {
        try {
            thread.join(Math.max(1, most.toMillis()));
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private boolean awaitAnswers() {
        try {
            if (!answers.awaitEnd()) {
                LOG.warn("{}: the trainer does not end when it is interrupted; it is left behind", site);
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static SummedRounds openSums(Optional<WorkFolder> folder) {
        boolean opened = false;
        try {
            SummedRounds sums = SummedRounds.open(folder.map(WorkFolder::summedRounds));
            opened = true;
            return sums;
        } finally {
            if (!opened) {
                folder.ifPresent(WorkFolder::close);
            }
        }
    }

    private static Optional<RunLedger> openLedger(AgentSetup setup, Optional<WorkFolder> folder, EgressRecord egress) {
        boolean opened = false;
        try {
            Optional<RunLedger> ledger = ledger(setup, folder);
            opened = true;
            return ledger;
        } finally {
            if (!opened) {
                egress.close();
                folder.ifPresent(WorkFolder::close);
            }
        }
    }

    private static Optional<RunLedger> ledger(AgentSetup setup, Optional<WorkFolder> folder) {
        Map<String, PrivacyBudget> budgets = setup.policy().privacy().budgets();
        if (budgets.isEmpty()) {
            return Optional.empty();
        }
        Path file = folder.orElseThrow(
                        () -> new IllegalStateException("a policy with a largest-epsilon needs a work folder, in which"
                                + " the agent keeps its privacy ledger. Not set: workFolder"))
                .privacyLedger();
        return Optional.of(RunLedger.open(file, "site " + setup.site(), budgets));
    }

    private static EgressRecord openEgress(Optional<WorkFolder> folder) {
        try {
            return folder.<EgressRecord>map(each -> EgressFile.open(each.egressRecord()))
                    .orElseGet(EgressRecord::none);
        } catch (EgressException e) {
            folder.ifPresent(WorkFolder::close);
            throw e;
        }
    }
}
