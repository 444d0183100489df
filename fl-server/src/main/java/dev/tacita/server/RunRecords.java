package dev.tacita.server;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.server.Decision.Parameters;
import dev.tacita.server.report.RunDirectory;
import dev.tacita.server.report.RunHistory;
import dev.tacita.server.report.Surroundings;
import dev.tacita.server.report.TrainedModel;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import dev.tacita.wire.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The histories of all runs, and their directories. A history shows that a round closed or that the run ended only once
 * the directory has what belongs to it. A directory that cannot be written is said in the log and does not stop a run:
 * the journal has everything. Written by the aggregator's thread, which is interrupted through {@link #interrupt} only;
 * histories may be read by any.
 */
final class RunRecords {
    private static final Logger LOG = LoggerFactory.getLogger(RunRecords.class);

    private final Path runsDirectory;
    private final Plans plans;
    private final Surroundings surroundings = Surroundings.here();
    private final Map<RunId, RunHistory> histories = new ConcurrentHashMap<>();
    private final Map<RunId, RunDirectory> directories = new HashMap<>();
    private final Object writing = new Object();
    private final Map<SiteId, SiteJoined> joined = new TreeMap<>();

    RunRecords(Path runsDirectory, Plans plans) {
        this.runsDirectory = runsDirectory;
        this.plans = plans;
    }

    /** Of the aggregator's code. */
    String version() {
        return surroundings.version();
    }

    /** What a run did; empty for a run that is not known, or whose plan cannot be read. */
    Optional<RunHistory> history(RunId run) {
        return Optional.ofNullable(histories.get(run));
    }

    /**
     * Takes in one more message of the journal.
     *
     * @param write whether to write to the run's directory what the message changes in it
     * @param parameters if they are the run's, written with it
     */
    void add(AggregatorMessage message, boolean write, Optional<Parameters> parameters) {
        if (message instanceof SiteJoined hello) {
            joined.put(hello.hello().site(), hello);
        }
        if (message instanceof RunOpened opened) {
            open(opened);
        }
        Optional<RunId> changed = directoryChangedBy(message).filter(run -> write);
        histories.replaceAll((run, history) -> {
            RunHistory next = history.with(message);
            if (changed.equals(Optional.of(run))) {
                write(next, parameters);
            }
            return next;
        });
    }

    private static Optional<RunId> directoryChangedBy(AggregatorMessage message) {
        if (message instanceof RoundClosed closed) {
            return Optional.of(closed.place().run());
        }
        return message instanceof RunEnded ended ? Optional.of(ended.run()) : Optional.empty();
    }

    private void open(RunOpened opened) {
        try {
            RunHistory history = RunHistory.empty(opened.run(), plans.of(opened));
            for (SiteJoined hello : joined.values()) {
                history = history.with(hello);
            }
            histories.put(opened.run(), history);
        } catch (ProblemsException e) {
            LOG.error("the plan of run {} cannot be read: {}", opened.run(), e.getMessage());
        }
    }

    /** Writes the directory of a run that goes on, as far as it is; to be called again changes nothing. */
    void write(RunId run) {
        history(run).ifPresent(history -> write(history, Optional.empty()));
    }

    private void write(RunHistory history, Optional<Parameters> parameters) {
        synchronized (writing) {
            // An interrupted thread cannot write: its files close under it.
            boolean interrupted = Thread.interrupted();
            try {
                writeFiles(history, parameters);
            } catch (IOException | RuntimeException e) {
                LOG.error("the directory of run {} cannot be written: {}", history.run(), e.toString(), e);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private void writeFiles(RunHistory history, Optional<Parameters> parameters) throws IOException {
        RunDirectory directory = directory(history.run());
        Optional<Hash> model = history.model();
        if (parameters.isPresent() && model.equals(parameters.map(Parameters::model))) {
            directory.write(new TrainedModel(
                    history.run(),
                    history.plan().name(),
                    history.roundsCompleted(),
                    history.plan().model(),
                    parameters.get().values()));
        }
        if (history.ended().isPresent()) {
            directory.publish(history);
            directories.remove(history.run());
        } else {
            directory.record(history);
        }
    }

    /** Interrupts the aggregator's thread, but not while it writes a directory. */
    void interrupt(Thread aggregator) {
        synchronized (writing) {
            aggregator.interrupt();
        }
    }

    private RunDirectory directory(RunId run) throws IOException {
        RunDirectory open = directories.get(run);
        if (open == null) {
            open = RunDirectory.open(runsDirectory, run, surroundings);
            directories.put(run, open);
        }
        return open;
    }

    /** Whether the directory of a run that ended has all its files; not so after a crash at the wrong moment. */
    boolean isComplete(RunId run, boolean withModel) {
        Path directory = runsDirectory.resolve(run.value());
        return RunDirectory.FILES.stream()
                .filter(file -> withModel || !file.equals(RunDirectory.MODEL))
                .allMatch(file -> Files.exists(directory.resolve(file)));
    }

    /** The parameters of this hash, if the run's directory has them. */
    Optional<Parameters> parameters(RunId run, Hash model) {
        Optional<RunHistory> history = history(run);
        if (history.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path file = directory(run).model();
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            TrainedModel stored = TrainedModel.read(file, history.get().plan());
            return stored.hash().equals(model)
                    ? Optional.of(new Parameters(model, stored.parameters()))
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            LOG.warn("the model in the directory of run {} cannot be used: {}", run, e.getMessage());
            return Optional.empty();
        }
    }
}
