package dev.tacita.kafkalocal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Free ports on loopback. */
final class Ports {
    static final String HOST = "127.0.0.1";

    private Ports() {}

    /**
     * The port itself if it is free, or any free one for 0.
     *
     * @throws LocalBrokerException if something listens there
     */
    static int free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            throw new LocalBrokerException(
                    "the broker's port must be free on " + HOST + ". Provided value: " + port + ": "
                            + taken.getMessage(),
                    taken);
        }
    }
}
