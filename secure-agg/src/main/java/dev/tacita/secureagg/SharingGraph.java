package dev.tacita.secureagg;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Who masks with whom, and who holds shares of whose secrets; sites are counted from 0. */
public final class SharingGraph {
    private final int degree;
    private final boolean complete;
    private final int[] siteAt;
    private final int[] placeOf;

    private SharingGraph(int degree, boolean complete, int[] siteAt) {
        this.degree = degree;
        this.complete = complete;
        this.siteAt = siteAt;
        this.placeOf = new int[siteAt.length];
        for (int place = 0; place < siteAt.length; place++) {
            placeOf[siteAt[place]] = place;
        }
    }

    static SharingGraph complete(int sites) {
        return new SharingGraph(sites - 1, true, IntStream.range(0, sites).toArray());
    }

    static SharingGraph ring(int sites, int degree, Octets seed) {
        int[] order = IntStream.range(0, sites).toArray();
        UniformIndices indices =
                new UniformIndices(Transcript.of("order of the ring").add(seed).hash());
        for (int last = sites - 1; last > 0; last--) {
            int chosen = indices.next(last + 1);
            int moved = order[last];
            order[last] = order[chosen];
            order[chosen] = moved;
        }
        return new SharingGraph(degree, false, order);
    }

    /** Those with whom a site shares masks, in ascending order. */
    public int[] neighbours(int site) {
        if (complete) {
            return IntStream.range(0, siteAt.length)
                    .filter(other -> other != site)
                    .toArray();
        }
        int[] neighbours = new int[degree];
        for (int i = 0; i < degree / 2; i++) {
            neighbours[i] = siteAt[(placeOf[site] + 1 + i) % siteAt.length];
            neighbours[degree - 1 - i] = siteAt[(placeOf[site] + siteAt.length - 1 - i) % siteAt.length];
        }
        Arrays.sort(neighbours);
        return neighbours;
    }

    /** Those who hold shares of a site's secrets, in ascending order: among all also the site itself, in a ring not. */
    public int[] holders(int site) {
        return complete ? siteAt.clone() : neighbours(site);
    }

    /** Draws from a seed, the same for everyone who has it. */
    private static final class UniformIndices {
        private final MaskCipher cipher = new MaskCipher();
        private final byte[] stream = new byte[MaskCipher.BLOCK];
        private final ByteBuffer draws = ByteBuffer.wrap(stream).limit(0);

        UniformIndices(Octets seed) {
            cipher.start(seed.shared(), 0);
        }

        int next(int bound) {
            int unused = Integer.numberOfLeadingZeros(bound - 1);
            while (true) {
                if (!draws.hasRemaining()) {
                    cipher.next(stream, stream.length);
                    draws.clear();
                }
                int drawn = unused == Integer.SIZE ? draws.getInt() & 0 : draws.getInt() >>> unused;
                if (drawn < bound) {
                    return drawn;
                }
            }
        }
    }
}
