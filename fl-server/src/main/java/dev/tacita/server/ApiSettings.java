package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import dev.tacita.config.Secret;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Where the HTTP interface listens.
 *
 * @param host a name or an address; anything but this machine's own needs a token
 * @param port 0 to 65535; 0 for any that is free
 * @param token what each request must carry as {@code Authorization: Bearer}; at least 16 characters
 */
public record ApiSettings(String host, int port, Optional<Secret> token) {
    private static final int LEAST_TOKEN = 16;

    /** @throws IllegalArgumentException if others could reach it without a token */
    public ApiSettings {
        requireNonNull(host, "host is null");
        requireNonNull(token, "token is null");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be 0 to 65535. Provided value: " + port);
        }
        if (token.isPresent() && token.get().reveal().length() < LEAST_TOKEN) {
            throw new IllegalArgumentException("the token must have at least " + LEAST_TOKEN + " characters");
        }
        if (token.isEmpty() && !isLoopback(host)) {
            throw new IllegalArgumentException(
                    "token-file is required where other machines can reach the interface. Provided value of host: "
                            + host);
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
