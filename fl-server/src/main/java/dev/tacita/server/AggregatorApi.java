package dev.tacita.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.server.report.RoundLine;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The aggregator over HTTP: {@code POST /runs} with a plan in YAML, {@code GET /runs}, {@code /runs/{id}},
 * {@code /runs/{id}/events} (a line of JSON for each round, from the first, until the run ends), {@code POST
 * /runs/{id}/stop}, {@code /runs/{id}/resume}, {@code GET /sites}, {@code /metrics} (Prometheus), {@code /health}.
 *
 * <p>Answers are JSON; an error is {@code {"error": sentence}}, a bad plan status 422 with {@code problems}.
 */
public final class AggregatorApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AggregatorApi.class);
    private static final int MOST_BYTES = 1024 * 1024;
    private static final int PATIENCE_SECONDS = 60;
    private static final long SIGN_OF_LIFE_MILLIS = 10_000;

    private final Aggregator aggregator;
    private final PrometheusMeterRegistry meters;
    private final ApiGuard guard;
    private final HttpServer server;
    private final ExecutorService threads;

    /** Thrown if and only if a request is answered with an error. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private AggregatorApi(Aggregator aggregator, PrometheusMeterRegistry meters, ApiSettings settings)
            throws IOException {
        this.aggregator = aggregator;
        this.meters = meters;
        this.guard = new ApiGuard(settings);
        this.server = HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), 0);
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "api");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /**
     * Listens.
     *
     * @throws IOException if it cannot, as when the port is taken
     */
    public static AggregatorApi start(Aggregator aggregator, PrometheusMeterRegistry meters, ApiSettings settings)
            throws IOException {
        AggregatorApi api = new AggregatorApi(aggregator, meters, settings);
        api.server.start();
        return api;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            try {
                Optional<Integer> refusal = guard.refusal(exchange, server.getAddress());
                if (refusal.isPresent()) {
                    throw new Refused(refusal.get(), "this request is not allowed here");
                }
                route(exchange);
            } catch (Refused e) {
                send(exchange, e.status, Json.object().put("error", e.getMessage()));
            } catch (ProblemsException e) {
                send(exchange, 422, problems(e));
            } catch (IllegalArgumentException e) {
                send(exchange, 400, Json.object().put("error", e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                send(exchange, 503, Json.object().put("error", "the aggregator is ending"));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (RuntimeException e) {
                LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
                send(exchange, 500, Json.object().put("error", "the request failed; the aggregator's log says why"));
            }
        } catch (IOException e) {
            LOG.debug("a client went away: {}", e.getMessage());
        }
    }

    private void route(HttpExchange exchange) throws IOException, InterruptedException, Refused {
        String[] parts =
                exchange.getRequestURI().getPath().replaceFirst("^/", "").split("/", -1);
        String what = exchange.getRequestMethod() + " " + parts[0];
        if (parts.length == 1) {
            switch (what) {
                case "POST runs" -> submit(exchange);
                case "GET runs" -> send(exchange, 200, runs());
                case "GET sites" -> send(exchange, 200, sites());
                case "GET metrics" -> send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", meters.scrape());
                case "GET health" -> health(exchange);
                default -> throw new Refused(404, "there is no " + what);
            }
        } else if (parts.length == 2 && what.equals("GET runs")) {
            send(exchange, 200, view(new RunId(parts[1])).toJson());
        } else if (parts.length == 3 && what.equals("GET runs") && parts[2].equals("events")) {
            events(exchange, new RunId(parts[1]));
        } else if (parts.length == 3 && what.equals("POST runs") && parts[2].equals("stop")) {
            RunId run = await(aggregator.stop(new RunId(parts[1])));
            send(exchange, 200, view(run).toJson());
        } else if (parts.length == 3 && what.equals("POST runs") && parts[2].equals("resume")) {
            RunId run = await(aggregator.resume(new RunId(parts[1])));
            send(exchange, 200, view(run).toJson());
        } else {
            throw new Refused(404, "there is no " + exchange.getRequestMethod() + " " + exchange.getRequestURI());
        }
    }

    private void submit(HttpExchange exchange) throws IOException, InterruptedException, Refused {
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            throw new Refused(413, "a plan must have at most " + MOST_BYTES + " bytes");
        }
        RunId run = await(aggregator.submit(new String(body, StandardCharsets.UTF_8)));
        send(exchange, 201, Json.object().put("run", run.value()));
    }

    private static RunId await(CompletableFuture<RunId> asked) throws InterruptedException, Refused {
        try {
            return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Refused(503, "the log does not answer; what was asked for may still happen");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            int status = cause instanceof UnknownRunException ? 404 : cause instanceof RunStateException ? 409 : 503;
            throw new Refused(status, String.valueOf(cause == null ? e.getMessage() : cause.getMessage()));
        }
    }

    private RunView view(RunId run) throws Refused {
        RunState state =
                aggregator.state().run(run).orElseThrow(() -> new Refused(404, "no run is named '" + run + "'"));
        return RunView.of(aggregator, state);
    }

    private ArrayNode runs() {
        ArrayNode list = Json.list();
        aggregator
                .state()
                .runs()
                .values()
                .forEach(run -> list.add(RunView.of(aggregator, run).toJson()));
        return list;
    }

    private ArrayNode sites() {
        ArrayNode list = Json.list();
        aggregator
                .state()
                .sites()
                .values()
                .forEach(presence -> list.add(SiteView.of(presence).toJson()));
        return list;
    }

    private void health(HttpExchange exchange) throws IOException {
        boolean ended = aggregator.ended().isDone();
        send(exchange, ended ? 503 : 200, Json.object().put("status", ended ? "ended" : "ok"));
    }

    private void events(HttpExchange exchange, RunId run) throws IOException, InterruptedException, Refused {
        view(run);
        exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        int sent = 0;
        while (true) {
            long seen = aggregator.changes();
            boolean over = aggregator.ended().isDone()
                    || aggregator.state().run(run).flatMap(RunState::ended).isPresent();
            List<RoundLine> lines =
                    aggregator.history(run).map(history -> history.lines()).orElse(List.of());
            for (RoundLine line : lines.subList(sent, lines.size())) {
                out.write((line.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            boolean silent = sent == lines.size();
            sent = lines.size();
            if (over) {
                return;
            }
            if (silent && aggregator.awaitChange(seen, SIGN_OF_LIFE_MILLIS) == seen) {
                out.write('\n');
            }
            out.flush();
        }
    }

    private static JsonNode problems(ProblemsException e) {
        ArrayNode list = Json.list();
        e.problems()
                .forEach(problem -> list.addObject()
                        .put("place", problem.place())
                        .put("why", problem.why())
                        .put("fix", problem.fix()));
        return Json.object().set("problems", list);
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        send(exchange, status, "application/json", Json.text(body) + "\n");
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Stops listening; streams of events end. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
