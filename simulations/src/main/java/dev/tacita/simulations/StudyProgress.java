package dev.tacita.simulations;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells how far a study is, and about how long it will still take. For one thread. */
public final class StudyProgress implements StudyListener {
    private static final long BETWEEN_LINES = Duration.ofSeconds(10).toNanos();

    private final PrintWriter to;
    private final List<Cell> cells;
    private final Map<Cell, Integer> rounds = new HashMap<>();
    private final long began = System.nanoTime();
    private long roundsLeft;
    private long roundsDone;
    private int cellsDone;
    private long lastLine = System.nanoTime();

    /** @param to what a person reads; a line for each cell, and one every ten seconds while one takes longer */
    public StudyProgress(Study study, PrintWriter to) {
        this.to = to;
        this.cells = study.cells();
        for (Cell cell : cells) {
            int planned = study.run(cell).rounds();
            rounds.put(cell, planned);
            roundsLeft += planned;
        }
    }

    @Override
    public void done(Cell cell, SimulatedRound round) {
        roundsDone++;
        roundsLeft--;
        rounds.merge(cell, -1, Integer::sum);
        if (System.nanoTime() - lastLine > BETWEEN_LINES) {
            String accuracy = round.tests().isEmpty()
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            ", test accuracy %.4f",
                            round.pooledTest().accuracy());
            say(cell + ": round " + round.round() + accuracy);
        }
    }

    @Override
    public void done(CellResult result, boolean before) {
        cellsDone++;
        roundsLeft -= rounds.getOrDefault(result.cell(), 0);
        rounds.put(result.cell(), 0);
        String accuracy =
                Double.isNaN(result.last()) ? "" : String.format(Locale.ROOT, ", test accuracy %.4f", result.last());
        say(cellsDone + "/" + cells.size() + " " + result.cell() + " " + (before ? "was done before: " : "")
                + result.ended() + accuracy);
    }

    private void say(String line) {
        lastLine = System.nanoTime();
        double perRound = roundsDone == 0 ? 0 : (lastLine - began) / 1e9 / roundsDone;
        String left = roundsLeft == 0 || roundsDone == 0 ? "" : "; about " + time(perRound * roundsLeft) + " left";
        to.println(line + left);
        to.flush();
    }

    private static String time(double seconds) {
        long whole = Math.max(1, Math.round(seconds));
        return whole < 90
                ? whole + " s"
                : whole < 5400
                        ? Math.round(whole / 60.0) + " min"
                        : String.format(Locale.ROOT, "%.1f h", whole / 3600.0);
    }
}
