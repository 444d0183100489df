package dev.tacita.server;

import com.sun.net.httpserver.HttpExchange;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/** Who may use the HTTP interface: holders of the token, and no page of another origin in somebody's browser. */
final class ApiGuard {
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final ApiSettings settings;

    ApiGuard(ApiSettings settings) {
        this.settings = settings;
    }

    /** The HTTP status with which a request is refused; empty if it is not. */
    Optional<Integer> refusal(HttpExchange exchange, InetSocketAddress bound) {
        String host = header(exchange, "Host");
        if (bound.getAddress().isLoopbackAddress()
                && settings.token().isEmpty()
                && !LOOPBACK_NAMES.contains(host.replaceFirst(":\\d*$", ""))) {
            return Optional.of(421);
        }
        String origin = header(exchange, "Origin");
        if (!origin.isEmpty() && !origin.equals("http://" + host)) {
            return Optional.of(403);
        }
        if (settings.token().isPresent()
                && !hasToken(exchange, settings.token().get().reveal())) {
            return Optional.of(401);
        }
        return Optional.empty();
    }

    private static boolean hasToken(HttpExchange exchange, String token) {
        byte[] given = header(exchange, "Authorization").getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(given, ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }
}
