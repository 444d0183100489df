package dev.tacita.server.report;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.dp.plan.SharedNoise;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code report.html}: one file that asks nothing of the network. What sites and researchers wrote is escaped, and the
 * page's own policy lets only the two scripts run whose hashes it names.
 */
final class ReportPage {
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");
    private static final String CHART = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

    private final RunHistory history;
    private final Surroundings surroundings;
    private final ReportTables tables;

    ReportPage(RunHistory history, Surroundings surroundings) {
        this.history = history;
        this.surroundings = surroundings;
        this.tables = new ReportTables(history);
    }

    byte[] html() {
        String chart = resource(CHART).replaceAll("//# sourceMappingURL=\\S*", "");
        String script = resource("report.js");
        String style = resource("report.css");
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put(
                "policy",
                "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src " + source(style)
                        + "; script-src " + source(chart) + " " + source(script));
        parts.put("style", style);
        parts.put("chart", chart);
        parts.put("script", script);
        parts.put("data", Html.inScript(new ReportData(history).json()));
        parts.put("title", Html.text(history.plan().name()));
        parts.put("run", Html.text(history.run().value()));
        parts.put("status", status());
        parts.put("summary", Html.escape(summary()));
        parts.put("reason", Html.text(history.ended().map(RunEnded::reason).orElse("")));
        parts.put("tiles", tiles());
        parts.put("privacy", Html.text(Provenance.privacy(history)));
        parts.put("privacy-meaning", Html.text(privacyMeaning()));
        boolean validated =
                history.lines().stream().anyMatch(line -> line.validation().isPresent());
        parts.put("accuracy-of", validated ? "Validation accuracy" : "Accuracy on training rows, as they were seen");
        parts.put("test", tables.finalTest().map(Table::html).orElse(none(noTest())));
        parts.put("classes", new ClassBalance(history).table().html());
        parts.put("participation", tables.participation().html());
        parts.put("rounds", tables.rounds().html());
        parts.put("refusals", orNone(tables.refusals(), "No site refused."));
        parts.put("pauses", orNone(tables.pauses(), "The run never paused."));
        parts.put("epsilons", tables.epsilons().map(Table::html).orElse(none("This run adds no noise.")));
        parts.put("plan", tables.plan().html());
        parts.put("layers", PlanText.layers(history.plan().model()).html());
        parts.put("plan-text", Html.escape(history.opened().map(RunOpened::plan).orElse("")));
        parts.put("provenance", tables.provenance(surroundings).html());
        parts.put("version", Html.text(surroundings.version()));
        return fill(resource("report.html"), parts).getBytes(StandardCharsets.UTF_8);
    }

    private String status() {
        return history.ended().map(it -> RoundLineJson.word(it.outcome())).orElse("running");
    }

    private String summary() {
        int sites = history.sites().size();
        String done = Figures.plural(sites, "site") + " · " + Figures.count(history.roundsCompleted()) + " of "
                + Figures.plural(history.plan().rounds(), "round") + " of "
                + Html.plain(history.plan().algorithm().name()) + " on dataset "
                + Html.plain(history.plan().dataset());
        return done + history.opened().map(it -> " · " + Figures.time(it.at())).orElse("");
    }

    private String tiles() {
        Optional<Evaluation> test = history.finalTest().flatMap(RoundLine::test);
        Optional<RoundLine> last = history.lastLine();
        StringBuilder html = new StringBuilder();
        if (last.filter(RoundLine::classifies).isPresent()) {
            tile(html, "Test accuracy, pooled", Figures.accuracy(test));
        }
        tile(html, "Test loss, pooled", Figures.loss(test));
        RunPrivacy.of(history.plan())
                .ifPresent(privacy ->
                        tile(html, "Epsilon at delta " + privacy.delta(), Figures.epsilon(history.epsilon())));
        long counted = history.lines().stream()
                .flatMap(line -> line.counted().stream())
                .map(it -> it.site())
                .distinct()
                .count();
        tile(html, "Sites that took part", counted + " of " + history.sites().size());
        tile(
                html,
                "Rounds",
                Figures.count(history.roundsCompleted()) + " of "
                        + Figures.count(history.plan().rounds()));
        long bytes = history.lines().stream().mapToLong(RoundLine::bytes).sum();
        tile(html, "Contributions", RoundText.bytes(bytes).replace(' ', '\u202f'));
        tile(
                html,
                "Time",
                history.opened()
                        .map(it -> Figures.duration(Duration.between(it.at(), until(it))))
                        .orElse("–"));
        return html.toString();
    }

    private Instant until(RunOpened opened) {
        return history.ended()
                .map(RunEnded::at)
                .or(() -> history.lastLine().map(RoundLine::closed))
                .orElse(opened.at());
    }

    private String noTest() {
        if (history.finalTest().isPresent()) {
            return "No site has test rows whose metrics it shares.";
        }
        return history.ended().isPresent() ? "There was no final test." : "The final test is still to come.";
    }

    private String privacyMeaning() {
        Optional<RunPrivacy> privacy = RunPrivacy.of(history.plan());
        String secure = SecureSums.of(history).map(SecureSums::meaning).orElse("");
        if (privacy.isPresent()) {
            return "No rows left a site. " + secure + privacy.get().meaning(SharedNoise.isOf(history.plan()))
                    + " Figures of a site are its own word.";
        }
        return secure.isEmpty()
                ? "No rows left a site. But the aggregator, and whoever can read the broker's topics, could read"
                        + " each site's update, and nothing bounds what the model says about a single patient."
                : "No rows left a site. " + secure + "Nothing bounds what the sums, and the model, say about a single"
                        + " patient.";
    }

    private static void tile(StringBuilder html, String name, String value) {
        html.append("<div class=\"tile\"><dt>")
                .append(Html.text(name))
                .append("</dt><dd>")
                .append(Html.text(value))
                .append("</dd></div>");
    }

    private static String orNone(Table table, String otherwise) {
        return table.isEmpty() ? none(otherwise) : table.html();
    }

    private static String none(String text) {
        return "<p class=\"none\">" + Html.text(text) + "</p>";
    }

    private static String fill(String template, Map<String, String> parts) {
        Matcher matcher = PLACE.matcher(template);
        StringBuilder page = new StringBuilder();
        while (matcher.find()) {
            String part = Optional.ofNullable(parts.get(matcher.group(1))).orElseThrow();
            matcher.appendReplacement(page, Matcher.quoteReplacement(part));
        }
        return matcher.appendTail(page).toString();
    }

    static String source(String inline) {
        MessageDigest digest = Hashes.sha256();
        return "'sha256-" + Base64.getEncoder().encodeToString(digest.digest(inline.getBytes(StandardCharsets.UTF_8)))
                + "'";
    }

    static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the class path lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }
}
