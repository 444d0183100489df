package dev.tacita.core.number;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeedStreamTest {
    @Test
    void drawsAreTheSameInEveryVersion() {
        assertThat(first(SeedStream.of(42))).isEqualTo(8971530020455330042L);
        assertThat(first(SeedStream.of(42).derive("round").derive(3))).isEqualTo(8726370795497190950L);
        assertThat(first(SeedStream.of(-1).derive("Zürich"))).isEqualTo(7433996331386418404L);
        assertThat(SeedStream.of(0).random().nextDouble()).isEqualTo(0.7350283438841145);
        assertThat(SeedStream.of(0).random().nextGaussian()).isEqualTo(-0.13712599495027838);
        assertThat(SeedStream.of(0).random().nextInt(1000)).isEqualTo(703);
    }

    @Test
    void eachCallStartsAtTheBeginning() {
        SeedStream stream = SeedStream.of(5).derive("a");
        assertThat(stream.random().nextLong()).isEqualTo(stream.random().nextLong());
    }

    @Test
    void pathsThatReadAlikeAreDifferentStreams() {
        SeedStream root = SeedStream.of(5);
        assertThat(first(root.derive("ab").derive("c")))
                .isNotEqualTo(first(root.derive("a").derive("bc")));
        assertThat(first(root.derive("abc")))
                .isNotEqualTo(first(root.derive("ab").derive("c")));
        assertThat(first(root.derive(12))).isNotEqualTo(first(root.derive(1).derive(2)));
        assertThat(first(root)).isNotEqualTo(first(SeedStream.of(6)));
        assertThat(first(root.derive(7))).isEqualTo(first(root.derive("7")));
    }

    private static long first(SeedStream stream) {
        return stream.random().nextLong();
    }
}
