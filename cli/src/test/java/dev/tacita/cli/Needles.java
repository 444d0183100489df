package dev.tacita.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Byte strings that must not be somewhere, looked for in one pass over streams of any size: a table of the first eight bytes of each
 * says where to look closer.
 */
final class Needles {
    private static final int PREFIX = Long.BYTES;
    private static final int BLOCK = 1 << 20;

    private final Map<Long, Map<String, byte[]>> byPrefix = new HashMap<>();
    private int longest;

    /** Adds one, under a name that a failure shows; at least eight bytes, not all the same. */
    void add(String name, byte[] needle) {
        if (needle.length < PREFIX) {
            throw new IllegalArgumentException(name + " is too short to be looked for");
        }
        byPrefix.computeIfAbsent(prefix(needle, 0), any -> new HashMap<>()).put(name, needle.clone());
        longest = Math.max(longest, needle.length);
    }

    int count() {
        return byPrefix.values().stream().mapToInt(Map::size).sum();
    }

    /** The names of those that are there. */
    Set<String> find(byte[] haystack) {
        Set<String> found = new TreeSet<>();
        find(haystack, haystack.length, found);
        return found;
    }

    /** The names of those that are in the stream. */
    Set<String> find(InputStream in) throws IOException {
        Set<String> found = new TreeSet<>();
        byte[] window = new byte[BLOCK + longest];
        int kept = 0;
        for (int read = in.readNBytes(window, kept, BLOCK); read > 0; read = in.readNBytes(window, kept, BLOCK)) {
            find(window, kept + read, found);
            int keep = Math.min(longest, kept + read);
            System.arraycopy(window, kept + read - keep, window, 0, keep);
            kept = keep;
        }
        return found;
    }

    private void find(byte[] haystack, int length, Set<String> found) {
        for (int at = 0; at + PREFIX <= length; at++) {
            Map<String, byte[]> candidates = byPrefix.get(prefix(haystack, at));
            if (candidates != null) {
                int from = at;
                candidates.forEach((name, needle) -> {
                    if (from + needle.length <= length
                            && Arrays.equals(needle, Arrays.copyOfRange(haystack, from, from + needle.length))) {
                        found.add(name);
                    }
                });
            }
        }
    }

    private static long prefix(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes, at, PREFIX).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
