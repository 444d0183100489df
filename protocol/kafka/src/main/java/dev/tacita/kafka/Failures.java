package dev.tacita.kafka;

import dev.tacita.wire.PositionGoneException;
import dev.tacita.wire.TransportException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Kafka's errors in an operator's words: what failed, what to check. */
final class Failures {
    private final String bootstrapServers;
    private final Secrets secrets;

    Failures(ClientProperties properties) {
        bootstrapServers = properties.bootstrapServers();
        secrets = properties.secrets();
    }

    TransportException of(String doing, Throwable failed) {
        Throwable error = unwrapped(failed);
        String message = doing + " at bootstrap.servers=" + bootstrapServers + ": " + advice(error);
        if (error instanceof InvalidOffsetException) {
            return new PositionGoneException(message, error);
        }
        return secrets.isIn(failed) ? new TransportException(message) : new TransportException(message, failed);
    }

    private String advice(Throwable error) {
        if (error instanceof TimeoutException || error instanceof java.util.concurrent.TimeoutException) {
            return "no broker answers in time. Check the address, that the broker runs and is reachable through the"
                    + " firewall, and that security.protocol is that of its listener";
        }
        if (error instanceof SaslAuthenticationException) {
            return "the broker refuses the credentials. Check sasl.mechanism and sasl.jaas.config: " + said(error);
        }
        if (error instanceof SslAuthenticationException) {
            return "there is no trusted TLS connection. Check ssl.truststore.* and that the broker's certificate names"
                    + " its host: " + said(error);
        }
        if (error instanceof AuthorizationException) {
            return "the broker's access rules forbid it. Check the ACLs of this user: " + said(error);
        }
        if (error instanceof UnknownTopicOrPartitionException) {
            return "a topic of the federation is not there. Start the aggregator, which makes the topics, or check the"
                    + " federation's name: "
                    + said(error);
        }
        if (error instanceof RecordTooLargeException) {
            return "the cluster takes no record of this size. Raise the topic's max.message.bytes: " + said(error);
        }
        if (error instanceof InvalidOffsetException) {
            return "the place to read from is not kept. It is older than the topic's retention, or the topic was made"
                    + " anew: " + said(error);
        }
        return said(error);
    }

    private String said(Throwable error) {
        StringBuilder said = new StringBuilder();
        for (Throwable each = error; each != null && said.length() < 500; each = each.getCause()) {
            said.append(said.isEmpty() ? "" : ", ").append(each.getMessage());
        }
        return secrets.hide(said.toString());
    }

    private static Throwable unwrapped(Throwable failed) {
        Throwable cause = failed.getCause();
        boolean wrapper = failed instanceof ExecutionException || failed.getClass() == KafkaException.class;
        return wrapper && cause != null ? unwrapped(cause) : failed;
    }
}
