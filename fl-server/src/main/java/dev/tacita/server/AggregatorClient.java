package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tacita.config.Secret;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.server.report.RoundLine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Talks to an {@link AggregatorApi}. Safe for use by several threads. */
public final class AggregatorClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(70);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final URI aggregator;
    private final Optional<Secret> token;

    /**
     * Talks to the aggregator there.
     *
     * @param aggregator such as {@code http://127.0.0.1:7407}
     * @param token what it asks for, if it asks for one
     */
    public AggregatorClient(URI aggregator, Optional<Secret> token) {
        this.aggregator = requireNonNull(aggregator, "aggregator is null");
        this.token = requireNonNull(token, "token is null");
    }

    /**
     * Queues a run.
     *
     * @param plan its text, YAML
     * @throws ProblemsException with every problem of the plan
     */
    public RunId submit(String plan) throws ApiException, InterruptedException {
        return new RunId(post("/runs", plan).required("run").textValue());
    }

    /** All runs, in the order of their submission. */
    public List<RunView> runs() throws ApiException, InterruptedException {
        List<RunView> runs = new ArrayList<>();
        get("/runs").forEach(json -> runs.add(RunView.of(json)));
        return runs;
    }

    /** One run. */
    public RunView run(RunId run) throws ApiException, InterruptedException {
        return RunView.of(get("/runs/" + run));
    }

    /** Ends a run. */
    public RunView stop(RunId run) throws ApiException, InterruptedException {
        return RunView.of(post("/runs/" + run + "/stop", ""));
    }

    /** Lets a paused run go on. */
    public RunView resume(RunId run) throws ApiException, InterruptedException {
        return RunView.of(post("/runs/" + run + "/resume", ""));
    }

    /** The sites that are present. */
    public List<SiteView> sites() throws ApiException, InterruptedException {
        List<SiteView> sites = new ArrayList<>();
        get("/sites").forEach(json -> sites.add(SiteView.of(json)));
        return sites;
    }

    /** Hands over a line for each round, from the first, and returns when the run has ended. */
    public void watch(RunId run, Consumer<RoundLine> watcher) throws ApiException, InterruptedException {
        HttpRequest request = request("/runs/" + run + "/events").GET().build();
        try {
            HttpResponse<Stream<String>> answer = http.send(request, BodyHandlers.ofLines());
            try (Stream<String> lines = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw error(answer.statusCode(), String.join("\n", lines.toList()));
                }
                for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                    String line = each.next();
                    if (!line.isBlank()) {
                        watcher.accept(RoundLine.parse(line));
                    }
                }
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            throw unreachable(e);
        }
    }

    private JsonNode get(String path) throws ApiException, InterruptedException {
        return send(request(path).timeout(PATIENCE).GET().build());
    }

    private JsonNode post(String path, String body) throws ApiException, InterruptedException {
        return send(request(path)
                .timeout(PATIENCE)
                .header("Content-Type", "application/yaml")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(aggregator.resolve(path));
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret.reveal()));
        return request;
    }

    private JsonNode send(HttpRequest request) throws ApiException, InterruptedException {
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw error(answer.statusCode(), answer.body());
            }
            return Json.parse(answer.body());
        } catch (IOException e) {
            throw unreachable(e);
        } catch (IllegalArgumentException e) {
            throw new ApiException(0, "what answers at " + aggregator + " is no aggregator: " + e.getMessage());
        }
    }

    private ApiException unreachable(Exception e) {
        return new ApiException(
                0,
                "no aggregator answers at " + aggregator + ". Check the address, and that the aggregator runs"
                        + Optional.ofNullable(e.getMessage())
                                .map(said -> ": " + said)
                                .orElse(""));
    }

    private ApiException error(int status, String body) {
        JsonNode json;
        try {
            json = Json.parse(body);
        } catch (IllegalArgumentException e) {
            return new ApiException(status, "the aggregator at " + aggregator + " answered with status " + status);
        }
        if (json.has("problems")) {
            List<Problem> problems = new ArrayList<>();
            json.get("problems")
                    .forEach(each -> problems.add(new Problem(
                            each.path("place").asText(),
                            each.path("why").asText(),
                            each.path("fix").asText())));
            throw new ProblemsException("the plan", problems);
        }
        return new ApiException(status, json.path("error").asText("status " + status));
    }
}
