package dev.tacita.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.testkit.FaultyTransport.Fault;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DecoratorsTest {
    private final InMemoryTransport beneath = new InMemoryTransport(2);

    @BeforeEach
    void write() throws InterruptedException {
        for (byte i = 0; i < 20; i++) {
            for (String key : List.of("a", "b", "c")) {
                beneath.append(Channel.CONTRIBUTIONS, List.of(new Frame(key, Map.of(), ByteBuffer.wrap(new byte[] {
                    i, 7, 7, 7
                }))));
            }
        }
    }

    @Test
    void aSeedGivesAnOrderThatKeepsEachKeys() throws InterruptedException {
        List<Entry> straight = Reading.all(beneath, Channel.CONTRIBUTIONS);
        List<Entry> shuffled = shuffled(5);
        assertThat(shuffled).containsExactlyInAnyOrderElementsOf(straight).isNotEqualTo(straight);
        assertThat(shuffled(5)).isEqualTo(shuffled);
        assertThat(shuffled(6)).isNotEqualTo(shuffled);
        for (String key : List.of("a", "b", "c")) {
            assertThat(ofKey(shuffled, key)).isEqualTo(ofKey(straight, key));
        }
    }

    @Test
    void chosenEntriesHaveTheirFaultAndTheOthersNone() throws InterruptedException {
        List<Fault> faults = List.of(Fault.values());
        Transport faulty = new FaultyTransport(
                beneath,
                Channel.CONTRIBUTIONS,
                entry -> entry.frame().key().equals("a") && number(entry) < faults.size()
                        ? Optional.of(faults.get(number(entry)))
                        : Optional.empty());
        List<Entry> a = ofKey(Reading.all(faulty, Channel.CONTRIBUTIONS), "a");
        List<byte[]> expected = new ArrayList<>(
                List.of(new byte[] {0, 7, 7, 7}, new byte[] {0, 7, 7, 7}, new byte[] {1, 7, 7, 6}, new byte[] {2, 7}));
        for (byte i = 4; i < 20; i++) {
            expected.add(new byte[] {i, 7, 7, 7});
        }
        assertThat(a)
                .extracting(entry -> entry.frame().bytes())
                .isEqualTo(expected.stream()
                        .map(bytes -> ByteBuffer.wrap(bytes).asReadOnlyBuffer())
                        .toList());
        assertThat(ofKey(Reading.all(faulty, Channel.CONTRIBUTIONS), "b"))
                .isEqualTo(ofKey(Reading.all(beneath, Channel.CONTRIBUTIONS), "b"));
    }

    private List<Entry> shuffled(long seed) throws InterruptedException {
        return Reading.all(new ShuffledTransport(beneath, Channel.CONTRIBUTIONS, seed), Channel.CONTRIBUTIONS);
    }

    private static int number(Entry entry) {
        return entry.frame().bytes().get(0);
    }

    private static List<Entry> ofKey(List<Entry> entries, String key) {
        return entries.stream().filter(entry -> entry.frame().key().equals(key)).toList();
    }
}
