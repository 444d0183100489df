package dev.tacita.client;

import dev.tacita.wire.AggregatorMessage.ModelHeader;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Hash;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Message;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.Transport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models by hash, as the aggregator hands them out; one may serve all agents of a process. Each model returned has the
 * hash and the number of parameters that were asked for, whatever was sent.
 *
 * <p>Nothing is read before it is asked for. Where each model seen begins is remembered, so that the log is read once,
 * however many rounds it spans; the models used last are kept, the others are read again from their place.
 */
public final class ModelCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCache.class);
    private static final int KEPT_PLACES = 1024;

    private final Transport transport;
    private final int keptModels;
    private final Duration quiet;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Hash, float[]> models = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Hash, Position> places = new LinkedHashMap<>();
    private Optional<Position> seen = Optional.empty();
    private Optional<LogReader> follower = Optional.empty();

    /** Keeps the last two models in memory. */
    public ModelCache(Transport transport) {
        this(transport, 2, AgentTiming.STANDARD.quiet());
    }

    /**
     * Makes an empty cache.
     *
     * @param transport of the federation; stays the caller's to close
     * @param keptModels how many models are kept in memory, at least 1
     * @param quiet how long to wait for the next entry before the log is taken to be at its end
     */
    public ModelCache(Transport transport, int keptModels, Duration quiet) {
        if (keptModels < 1) {
            throw new IllegalArgumentException("keptModels must be >= 1. Provided value: " + keptModels);
        }
        this.transport = transport;
        this.keptModels = keptModels;
        this.quiet = quiet;
    }

    /**
     * The parameters of a model, a copy.
     *
     * @param elements how many there must be
     * @throws RefusedMessageException if what was sent under that hash breaks the protocol, or nothing was
     * @throws dev.tacita.wire.TransportException if the log cannot be read
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public float[] fetch(Hash model, int elements) throws RefusedMessageException, InterruptedException {
        float[] found;
        lock.lockInterruptibly();
        try {
            Optional<float[]> kept = Optional.ofNullable(models.get(model));
            found = kept.isPresent() ? kept.get() : read(model, elements);
            models.put(model, found);
            dropEldest(models, keptModels);
        } finally {
            lock.unlock();
        }
        if (found.length != elements) {
            throw new RefusedMessageException(
                    RefusedMessageException.Reason.WRONG_SHAPE,
                    "the model must have " + elements + " parameters. Provided value: " + found.length);
        }
        return found.clone();
    }

    /** Where the models seen last begin, in the order of the log; for an agent that is to start again. */
    public Map<Hash, Position> places() {
        lock.lock();
        try {
            return new LinkedHashMap<>(places);
        } finally {
            lock.unlock();
        }
    }

    /** Takes over what {@link #places} told another cache; a wrong place costs time only. */
    public void remember(Map<Hash, Position> known) {
        lock.lock();
        try {
            known.forEach(places::putIfAbsent);
            dropEldest(places, KEPT_PLACES);
            if (seen.isEmpty()) {
                seen = known.values().stream().reduce((earlier, later) -> later);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            stopFollowing();
        } finally {
            lock.unlock();
        }
    }

    private float[] read(Hash model, int elements) throws RefusedMessageException, InterruptedException {
        ModelSearch search = new ModelSearch(model, elements);
        Optional<Position> known = Optional.ofNullable(places.get(model)).filter(this::isKept);
        if (known.isPresent()) {
            try (LogReader reader = transport.read(Channel.MODELS, known.get())) {
                scan(reader, search);
            }
        }
        if (search.found().isEmpty()) {
            follow(search);
        }
        if (search.found().isEmpty()) {
            places.clear();
            seen = Optional.empty();
            stopFollowing();
            follow(search);
        }
        return search.found().orElseThrow(search::failure);
    }

    private void follow(ModelSearch search) throws InterruptedException {
        boolean good = false;
        try {
            LogReader reader = follower.orElseGet(this::startFollowing);
            scan(reader, search);
            seen = Optional.of(reader.position());
            good = true;
        } finally {
            if (!good) {
                stopFollowing();
            }
        }
    }

    private void scan(LogReader reader, ModelSearch search) throws InterruptedException {
        Position end = transport.end(Channel.MODELS);
        boolean silent = false;
        while (search.found().isEmpty() && !silent && !reader.position().hasReached(end)) {
            Position place = reader.position();
            List<Entry> entries = reader.poll(quiet);
            for (Entry entry : entries) {
                take(entry, place, search);
                place = place.after(entry);
            }
            silent = entries.isEmpty();
        }
    }

    private void take(Entry entry, Position place, ModelSearch search) {
        try {
            Message message = MessageCodec.decode(entry.frame().bytes());
            if (message instanceof ModelHeader header) {
                places.remove(header.model());
                places.put(header.model(), place);
                dropEldest(places, KEPT_PLACES);
            }
            search.take(message);
        } catch (RefusedMessageException e) {
            LOG.debug("an entry of the models is passed over: {}", e.getMessage());
        }
    }

    private static void dropEldest(Map<Hash, ?> map, int most) {
        var keys = map.keySet().iterator();
        while (map.size() > most) {
            keys.next();
            keys.remove();
        }
    }

    private boolean isKept(Position place) {
        Position beginning = transport.beginning(Channel.MODELS);
        return place.offsets().size() == beginning.offsets().size()
                && place.hasReached(beginning)
                && transport.end(Channel.MODELS).hasReached(place);
    }

    private LogReader startFollowing() {
        Position start = seen.filter(this::isKept).orElseGet(() -> transport.beginning(Channel.MODELS));
        LogReader reader = transport.read(Channel.MODELS, start);
        follower = Optional.of(reader);
        return reader;
    }

    private void stopFollowing() {
        follower.ifPresent(LogReader::close);
        follower = Optional.empty();
    }
}
