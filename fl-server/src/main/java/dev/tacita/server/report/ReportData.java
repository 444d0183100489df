package dev.tacita.server.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What the charts of a report draw, as one JSON object; its size grows with sites x rounds by a byte a cell. */
final class ReportData {
    /** With more sites than this a line for each is a tangle; a band of quantiles is drawn. */
    static final int MOST_LINES = 12;

    private static final MathContext FIVE_DIGITS = new MathContext(5);

    private final RunHistory history;
    private final List<SiteId> sites;
    private final List<RoundLine> lines;

    ReportData(RunHistory history) {
        this.history = history;
        this.sites = List.copyOf(history.sites());
        this.lines = history.lines();
    }

    String json() {
        ObjectNode json = Json.object().put("mostLines", MOST_LINES);
        ArrayNode names = json.putArray("sites");
        sites.forEach(site -> names.add(site.value()));
        List<RoundLine> rounds = lines.stream()
                .filter(line -> line.purpose() == Purpose.TRAIN && line.outcome() == RoundOutcome.COMPLETED)
                .toList();
        ArrayNode numbers = json.putArray("rounds");
        rounds.forEach(line -> numbers.add(line.place().round()));
        ObjectNode curves = json.putObject("curves");
        curve(curves.putObject("trainingLoss"), rounds, RoundLine::training, Counted::training, Evaluation::loss);
        curve(curves.putObject("validationLoss"), rounds, RoundLine::validation, Counted::validation, Evaluation::loss);
        if (rounds.stream().anyMatch(RoundLine::classifies)) {
            boolean validated =
                    rounds.stream().anyMatch(line -> line.validation().isPresent());
            Function<RoundLine, Optional<Evaluation>> whole = validated ? RoundLine::validation : RoundLine::training;
            Function<Counted, Optional<Evaluation>> part = validated ? Counted::validation : Counted::training;
            curve(curves.putObject("accuracy"), rounds, whole, part, Evaluation::accuracy);
        }
        json.set("classes", new ClassBalance(history).json());
        strip(json.putObject("strip"));
        ObjectNode traffic = json.putObject("traffic");
        ArrayNode bytes = traffic.putArray("bytes");
        ArrayNode seconds = traffic.putArray("seconds");
        lines.forEach(line -> {
            bytes.add(line.bytes());
            seconds.add(line.seconds());
        });
        return Json.line(json);
    }

    private void curve(
            ObjectNode json,
            List<RoundLine> rounds,
            Function<RoundLine, Optional<Evaluation>> whole,
            Function<Counted, Optional<Evaluation>> part,
            ToDoubleFunction<Evaluation> metric) {
        ArrayNode pooled = json.putArray("pooled");
        boolean many = sites.size() > MOST_LINES;
        Map<String, ArrayNode> series = new LinkedHashMap<>();
        List<String> names = many
                ? List.of("low", "high")
                : sites.stream().map(SiteId::value).toList();
        ObjectNode parts = json.putObject(many ? "band" : "sites");
        names.forEach(name -> series.put(name, parts.putArray(name)));
        for (RoundLine round : rounds) {
            Map<String, Double> values = new HashMap<>();
            for (Counted counted : round.counted()) {
                RoundLine.some(part.apply(counted))
                        .ifPresent(one -> values.put(counted.site().value(), metric.applyAsDouble(one)));
            }
            add(pooled, whole.apply(round).map(metric::applyAsDouble));
            Map<String, Double> drawn = many ? band(values) : values;
            series.forEach((name, to) -> add(to, Optional.ofNullable(drawn.get(name))));
        }
    }

    /** The 10th and the 90th percentile, by nearest rank. */
    private static Map<String, Double> band(Map<String, Double> values) {
        if (values.isEmpty()) {
            return Map.of();
        }
        double[] sorted = values.values().stream().mapToDouble(it -> it).toArray();
        Arrays.sort(sorted);
        int low = (int) Math.ceil(0.1 * sorted.length) - 1;
        int high = (int) Math.ceil(0.9 * sorted.length) - 1;
        return Map.of("low", sorted[low], "high", sorted[high]);
    }

    /** A letter a cell: (c)ounted, (m)issing, (n)ot asked; reasons are written once and referred to. */
    private void strip(ObjectNode json) {
        ArrayNode columns = json.putArray("columns");
        ArrayNode rows = json.putArray("rows");
        ArrayNode reasons = json.putArray("reasons");
        ArrayNode missing = json.putArray("missing");
        Map<SiteId, Integer> rowOf = new HashMap<>();
        char[][] cells = new char[sites.size()][lines.size()];
        for (int row = 0; row < cells.length; row++) {
            rowOf.put(sites.get(row), row);
            Arrays.fill(cells[row], 'n');
        }
        Map<String, Integer> known = new HashMap<>();
        for (int column = 0; column < lines.size(); column++) {
            RoundLine line = lines.get(column);
            columns.add(name(line));
            for (Counted counted : line.counted()) {
                Optional.ofNullable(rowOf.get(counted.site())).ifPresent(mark(cells, column, 'c'));
            }
            for (Map.Entry<SiteId, String> entry : line.missing().entrySet()) {
                Optional<Integer> row = Optional.ofNullable(rowOf.get(entry.getKey()));
                row.ifPresent(mark(cells, column, 'm'));
                String reason = Html.plain(entry.getValue());
                int index = known.computeIfAbsent(reason, it -> {
                    reasons.add(it);
                    return reasons.size() - 1;
                });
                missing.add(row.orElse(-1)).add(column).add(index);
            }
        }
        for (char[] row : cells) {
            rows.add(new String(row));
        }
    }

    private static java.util.function.Consumer<Integer> mark(char[][] cells, int column, char letter) {
        return row -> cells[row][column] = letter;
    }

    static String name(RoundLine line) {
        String name = line.purpose() == Purpose.EVALUATE
                ? "final test"
                : "round " + line.place().round();
        String again = line.place().attempt() > 1 ? ", attempt " + line.place().attempt() : "";
        return name + again + (line.outcome() == RoundOutcome.COMPLETED ? "" : " (below quorum)");
    }

    private static void add(ArrayNode to, Optional<Double> value) {
        Optional<Double> finite = value.filter(Double::isFinite);
        if (finite.isPresent()) {
            to.add(new BigDecimal(finite.get()).round(FIVE_DIGITS).doubleValue());
        } else {
            to.addNull();
        }
    }
}
