package dev.tacita.kafkalocal;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a local broker starts.
 *
 * @param directory where it keeps its logs; made if it is not there, gone on from if it is
 * @param port on loopback, 0 to 65535; 0 takes a free one
 * @param security empty for a listener in the clear that asks nobody for a password
 */
public record LocalBrokerSettings(Path directory, int port, Optional<BrokerSecurity> security) {
    public LocalBrokerSettings {
        requireNonNull(directory, "directory is null");
        requireNonNull(security, "security is null");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be between 0 and 65535. Provided value: " + port);
        }
    }

    /** In the clear, for whoever is on this machine. */
    public static LocalBrokerSettings inTheClear(Path directory, int port) {
        return new LocalBrokerSettings(directory, port, Optional.empty());
    }

    /** With TLS and passwords. */
    public static LocalBrokerSettings secured(Path directory, int port, BrokerSecurity security) {
        return new LocalBrokerSettings(directory, port, Optional.of(security));
    }
}
