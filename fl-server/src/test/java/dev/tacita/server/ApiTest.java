package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.config.Secret;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.server.RunState.Status;
import dev.tacita.server.report.RoundLine;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiTest {
    private static final String PLAN = Federation.plan(3, 1, 2, 1, 2, Federation.FEDAVG);

    private static AggregatorApi start(Federation federation, Optional<Secret> token) throws Exception {
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        meters.counter("tacita.messages.refused", "reason", "STALE").increment();
        return AggregatorApi.start(federation.aggregator(), meters, new ApiSettings("127.0.0.1", 0, token));
    }

    private static URI uri(AggregatorApi api) {
        return URI.create("http://127.0.0.1:" + api.address().getPort());
    }

    @Test
    void aRunIsSubmittedWatchedAndSeenToItsEnd(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs);
                AggregatorApi api = start(federation, Optional.empty())) {
            var client = new AggregatorClient(uri(api), Optional.empty());
            RunId run = client.submit(PLAN);
            federation.hello("basel");
            federation.await(SiteJoined.class);
            federation.awaitStatus(run, Status.WAITING_FOR_SITES);
            while (!client.run(run).reason().contains("1 of at least 2 sites")) {
                assertThat(client.run(run).reason()).contains("of at least 2 sites");
                Thread.sleep(5);
            }
            assertThat(client.sites())
                    .singleElement()
                    .satisfies(site -> assertThat(site.datasets()).containsEntry("cases", Optional.of(100L)));

            List<RoundLine> lines = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> watched = CompletableFuture.runAsync(() -> watch(client, run, lines));
            federation.hello("wien");
            RoundsTest.answerUntilEnd(federation, 4);
            watched.get(20, TimeUnit.SECONDS);
            assertThat(lines).extracting(line -> line.place().round()).containsExactly(1, 2, 3);
            assertThat(client.runs()).singleElement().satisfies(view -> {
                assertThat(view.status()).isEqualTo(Status.COMPLETED);
                assertThat(view.roundsDone()).isEqualTo(2);
                assertThat(view.hasEnded()).isTrue();
            });
            assertThatThrownBy(() -> client.stop(run))
                    .isInstanceOf(ApiException.class)
                    .hasMessage("run test-run-1 is over");
            assertThatThrownBy(() -> client.resume(new RunId("nobody")))
                    .isInstanceOf(ApiException.class)
                    .hasMessage("no run is named 'nobody'");
        }
    }

    private static void watch(AggregatorClient client, RunId run, List<RoundLine> lines) {
        try {
            client.watch(run, lines::add);
        } catch (ApiException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyProblemOfAPlanComesBack(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs);
                AggregatorApi api = start(federation, Optional.empty())) {
            var client = new AggregatorClient(uri(api), Optional.empty());
            String bad = PLAN.replace("quorum: 1", "quorum: 0").replace("rounds: 2", "round: 2");
            assertThatThrownBy(() -> client.submit(bad))
                    .isInstanceOfSatisfying(
                            ProblemsException.class,
                            e -> assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(3))
                    .hasMessageContaining("quorum")
                    .hasMessageContaining("rounds");
            assertThat(client.runs()).isEmpty();
        }
    }

    @Test
    void metricsAndHealthCanBeRead(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs);
                AggregatorApi api = start(federation, Optional.empty())) {
            assertThat(get(api, "/metrics", "X-None", "0"))
                    .contains("tacita_messages_refused_total{reason=\"STALE\"} 1.0");
            assertThat(get(api, "/health", "X-None", "0")).contains("\"ok\"");
            assertThat(get(api, "/nowhere", "X-None", "0")).startsWith("404");
            federation.end();
            assertThat(get(api, "/health", "X-None", "0")).startsWith("503");
        }
    }

    @Test
    void aTokenIsAskedForAndAPageOfAnotherOriginIsRefused(@TempDir Path runs) throws Exception {
        var token = new Secret("a-token-of-enough-characters");
        try (Federation federation = Federation.started(runs);
                AggregatorApi api = start(federation, Optional.of(token))) {
            assertThatThrownBy(() -> new AggregatorClient(uri(api), Optional.empty()).runs())
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.status()).isEqualTo(401));
            assertThatThrownBy(
                            () -> new AggregatorClient(uri(api), Optional.of(new Secret("another-token-of-16"))).runs())
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.status()).isEqualTo(401));
            assertThat(new AggregatorClient(uri(api), Optional.of(token)).runs())
                    .isEmpty();
        }
        try (Federation federation = Federation.started(runs);
                AggregatorApi api = start(federation, Optional.empty())) {
            assertThat(get(api, "/runs", "Origin", "http://example.org")).startsWith("403");
        }
    }

    @Test
    void withoutATokenOnlyThisMachineMayBeServed() {
        assertThatThrownBy(() -> new ApiSettings("0.0.0.0", 0, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token-file is required");
    }

    @Test
    void anAggregatorThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new AggregatorClient(URI.create("http://127.0.0.1:1"), Optional.empty()).runs())
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("no aggregator answers at http://127.0.0.1:1");
    }

    private static String get(AggregatorApi api, String path, String header, String value) throws Exception {
        var request = HttpRequest.newBuilder(uri(api).resolve(path))
                .header(header, value)
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }
}
