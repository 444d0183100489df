package dev.tacita.testkit;

import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A transport whose reader of one channel sees chosen entries twice, changed, cut short, or not at all. */
public final class FaultyTransport extends TransportDecorator {
    private final Function<Entry, Optional<Fault>> faults;

    /** What happens to an entry. */
    public enum Fault {
        /** It is read twice. */
        DUPLICATE,
        /** A bit in its last byte is another. */
        CORRUPT,
        /** Its second half is missing. */
        TRUNCATE,
        /** It is not there. */
        DROP
    }

    /**
     * Over another transport.
     *
     * @param channel whose entries are looked at
     * @param faults what happens to an entry; empty if nothing
     */
    public FaultyTransport(Transport beneath, Channel channel, Function<Entry, Optional<Fault>> faults) {
        super(beneath, channel);
        this.faults = faults;
    }

    @Override
    List<Entry> change(List<Entry> entries) {
        List<Entry> changed = new ArrayList<>();
        for (Entry entry : entries) {
            changed.addAll(
                    faults.apply(entry).map(fault -> withFault(entry, fault)).orElse(List.of(entry)));
        }
        return changed;
    }

    private static List<Entry> withFault(Entry entry, Fault fault) {
        byte[] bytes = new byte[entry.frame().bytes().remaining()];
        entry.frame().bytes().duplicate().get(bytes);
        return switch (fault) {
            case DUPLICATE -> List.of(entry, entry);
            case CORRUPT -> List.of(withBytes(entry, withLastBitTurned(bytes)));
            case TRUNCATE -> List.of(withBytes(entry, ByteBuffer.wrap(bytes, 0, bytes.length / 2)));
            case DROP -> List.of();
        };
    }

    private static ByteBuffer withLastBitTurned(byte[] bytes) {
        bytes[bytes.length - 1] ^= 1;
        return ByteBuffer.wrap(bytes);
    }

    private static Entry withBytes(Entry entry, ByteBuffer bytes) {
        Frame frame = entry.frame();
        return new Entry(entry.partition(), entry.offset(), entry.at(), new Frame(frame.key(), frame.headers(), bytes));
    }
}
