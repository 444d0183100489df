package dev.tacita.server.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.core.SiteId;
import dev.tacita.wire.SiteMessage.DatasetOffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Training examples by class and site, as far as the sites share them. */
final class ClassBalance {
    private static final int MOST_CLASSES = 10;

    private final RunHistory history;
    private final List<String> classes;
    private final boolean more;

    ClassBalance(RunHistory history) {
        this.history = history;
        Map<String, Long> totals = new TreeMap<>();
        history.sites()
                .forEach(site -> counts(site).orElse(Map.of()).forEach((name, n) -> totals.merge(name, n, Long::sum)));
        this.classes = totals.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(MOST_CLASSES)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        this.more = totals.size() > MOST_CLASSES;
    }

    /** Names as given, then the others if there are too many, then what is not shared. */
    List<String> columns() {
        List<String> columns = new ArrayList<>();
        classes.forEach(name -> columns.add(Html.plain(name)));
        if (more) {
            columns.add("other classes");
        }
        columns.add("not shared");
        return columns;
    }

    /** Training examples of a site, by column. */
    List<Long> row(SiteId site) {
        List<Long> row = new ArrayList<>();
        Optional<Map<String, Long>> counts = counts(site);
        Map<String, Long> known = counts.orElse(Map.of());
        long named = 0;
        for (String name : classes) {
            long count = known.getOrDefault(name, 0L);
            named += count;
            row.add(count);
        }
        if (more) {
            row.add(known.values().stream().mapToLong(it -> it).sum() - named);
        }
        row.add(
                counts.isPresent()
                        ? 0
                        : offer(site).flatMap(DatasetOffer::trainingExamples).orElse(0L));
        return row;
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        ArrayNode names = json.putArray("names");
        columns().forEach(names::add);
        ArrayNode rows = json.putArray("counts");
        ArrayNode sites = json.putArray("sites");
        for (SiteId site : history.joined().keySet()) {
            sites.add(site.value());
            row(site).forEach(rows.addArray()::add);
        }
        return json;
    }

    Table table() {
        List<String> columns = new ArrayList<>(List.of("Site"));
        columns().forEach(name -> columns.add("#" + name));
        columns.add("#Training examples");
        Table table = Table.of("Training examples by class", columns.toArray(String[]::new));
        for (SiteId site : history.joined().keySet()) {
            boolean shared = counts(site).isPresent();
            List<String> cells = new ArrayList<>(List.of(site.value()));
            List<Long> row = row(site);
            for (int i = 0; i < row.size(); i++) {
                boolean last = i == row.size() - 1;
                cells.add(last ? shared ? "" : "not shared" : shared ? Figures.count(row.get(i)) : "");
            }
            cells.add(offer(site)
                    .flatMap(DatasetOffer::trainingExamples)
                    .map(Figures::count)
                    .orElse("–"));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private Optional<DatasetOffer> offer(SiteId site) {
        return history.offer(site);
    }

    private Optional<Map<String, Long>> counts(SiteId site) {
        return offer(site).flatMap(DatasetOffer::classCounts);
    }
}
