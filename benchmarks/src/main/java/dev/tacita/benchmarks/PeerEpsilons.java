package dev.tacita.benchmarks;

import dev.tacita.dp.accounting.Accountant;
import dev.tacita.dp.accounting.EpsilonRange;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.accounting.PldAccountant;
import dev.tacita.dp.accounting.PldLoss;
import dev.tacita.dp.accounting.PrvAccountant;
import dev.tacita.dp.accounting.PrvLoss;
import dev.tacita.dp.accounting.RdpAccountant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Answers for epsilon of DP-SGD, line by line, for {@code benchmarks/peers/run --accounting}: {@code WHAT rate noise steps delta}, where
 * WHAT is {@code all} or {@code time-} and an accountant.
 */
public final class PeerEpsilons {
    private static final NeighbouringRelation RELATION = NeighbouringRelation.ADD_OR_REMOVE_ONE;

    private PeerEpsilons() {}

    /** Reads questions until there are no more. */
    public static void main(String[] args) throws IOException {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String[] words = line.split(" ", -1);
            double delta = Double.parseDouble(words[4]);
            Event event =
                    Event.dpSgd(Double.parseDouble(words[1]), Double.parseDouble(words[2]), Long.parseLong(words[3]));
            System.out.println(
                    switch (words[0]) {
                        case "all" -> all(event, delta);
                        case "time-rdp" -> time(new RdpAccountant(RELATION), event, delta);
                        case "time-pld" -> time(new PldAccountant(RELATION), event, delta);
                        default -> throw new IllegalArgumentException("Cannot answer " + words[0]);
                    });
        }
    }

    private static String all(Event event, double delta) {
        PldLoss pld = new PldAccountant(RELATION).account(event);
        PrvLoss prv = new PrvAccountant(RELATION).account(event);
        EpsilonRange range = prv.epsilonRange(delta);
        double rdp = new RdpAccountant(RELATION).account(event).epsilon(delta).epsilon();
        EpsilonRange pldRange = pld.epsilonRange(delta);
        return rdp + " " + pldRange.upper() + " " + pldRange.lower() + " " + range.lower() + " " + prv.estimate(delta)
                + " " + range.upper();
    }

    /** The nanoseconds to one answer. */
    private static String time(Accountant accountant, Event event, double delta) {
        long start = System.nanoTime();
        double epsilon = accountant.account(event).epsilon(delta).epsilon();
        long nanos = System.nanoTime() - start;
        if (!(epsilon >= 0)) {
            throw new IllegalStateException("An epsilon is 0 or more; found " + epsilon);
        }
        return Long.toString(nanos);
    }
}
