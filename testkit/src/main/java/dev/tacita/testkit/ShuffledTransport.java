package dev.tacita.testkit;

import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Transport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;

/**
 * A transport whose reader of one channel sees what one poll brings in another order: shuffled between keys by a seed,
 * in order within each, as a log of many partitions may bring it.
 */
public final class ShuffledTransport extends TransportDecorator {
    private final Random random;

    /**
     * Over another transport.
     *
     * @param channel whose entries are shuffled
     * @param seed of the order
     */
    public ShuffledTransport(Transport beneath, Channel channel, long seed) {
        super(beneath, channel);
        random = new Random(seed);
    }

    @Override
    synchronized List<Entry> change(List<Entry> entries) {
        Map<String, Queue<Entry>> byKey = new LinkedHashMap<>();
        for (Entry entry : entries) {
            byKey.computeIfAbsent(entry.frame().key(), key -> new ArrayDeque<>())
                    .add(entry);
        }
        List<Queue<Entry>> left = new ArrayList<>(byKey.values());
        List<Entry> shuffled = new ArrayList<>(entries.size());
        while (!left.isEmpty()) {
            int chosen = random.nextInt(left.size());
            shuffled.add(left.get(chosen).remove());
            if (left.get(chosen).isEmpty()) {
                left.remove(chosen);
            }
        }
        return shuffled;
    }
}
