package dev.tacita.dp.accounting;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The epsilons of dp-accounting, Opacus and prv_accountant that {@code benchmarks/peers/run --accounting --write} keeps. Every tenth setting, or all of
 * them with {@code -Dtacita.peers=all}; prv_accountant's estimate, which is nearly exact, decides where the peers are apart.
 */
class PeersTest {
    private static final int EVERY = 10;

    private record Peers(
            double rate, double noise, long steps, double delta, double rdp, double pld, double opacus, double[] prv) {
        static Peers of(String line) {
            double[] cells = Arrays.stream(line.split(",", -1))
                    .mapToDouble(cell -> cell.equals("nan") ? Double.NaN : Double.parseDouble(cell))
                    .toArray();
            return new Peers(
                    cells[0],
                    cells[1],
                    (long) cells[2],
                    cells[3],
                    cells[4],
                    cells[5],
                    cells[6],
                    Arrays.copyOfRange(cells, 7, 10));
        }

        Event event() {
            return Event.dpSgd(rate, noise, steps);
        }
    }

    static List<Peers> settings() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                requireNonNull(PeersTest.class.getResourceAsStream("peers.csv"), "peers.csv is missing"), UTF_8))) {
            List<Peers> all = reader.lines()
                    .filter(line -> !line.startsWith("#") && !line.startsWith("rate"))
                    .map(Peers::of)
                    .toList();
            int every = "all".equals(System.getProperty("tacita.peers")) ? 1 : EVERY;
            return IntStream.range(0, all.size())
                    .filter(i -> i % every == i / EVERY % every)
                    .mapToObj(all::get)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void agrees(Peers peers) {
        PldLoss pldLoss = new PldAccountant(ADD_OR_REMOVE_ONE).account(peers.event());
        PrvLoss prvLoss = new PrvAccountant(ADD_OR_REMOVE_ONE).account(peers.event());
        double rdp = new RdpAccountant(ADD_OR_REMOVE_ONE)
                .account(peers.event())
                .epsilon(peers.delta)
                .epsilon();
        double pld = pldLoss.epsilon(peers.delta).epsilon();
        double prv = prvLoss.estimate(peers.delta);
        EpsilonRange range = prvLoss.epsilonRange(peers.delta);

        assertThat(prv).isBetween(range.lower(), range.upper());
        assertThat(pld).isBetween(prv * (1 - 1e-5), Math.max(rdp, prv * 1.01));
        assertThat(rdp).isBetween(pld * (1 - 1e-3), peers.rdp * 1.01);
        assertThat(pldLoss.epsilonRange(peers.delta).lower()).isLessThanOrEqualTo(prv * (1 + 1e-5));
        assertThat(pld).as("dp-accounting, which can be looser").isLessThanOrEqualTo(peers.pld * 1.01);
        if (!Double.isNaN(peers.prv[1])) {
            assertThat(prv).as("prv_accountant").isBetween(peers.prv[1] * 0.99, peers.prv[1] * 1.01);
            assertThat(pld).as("prv_accountant").isBetween(peers.prv[0], peers.prv[1] * 1.01);
        }
        if (peers.pld <= peers.prv[1] * 1.005) {
            assertThat(pld).as("dp-accounting").isBetween(peers.pld * 0.99, peers.pld * 1.01);
        }
        if (!Double.isNaN(peers.opacus)) {
            assertThat(prv).as("Opacus gives upper bounds").isLessThanOrEqualTo(peers.opacus * 1.001);
        }
    }
}
