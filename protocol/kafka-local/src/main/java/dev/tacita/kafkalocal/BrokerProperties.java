package dev.tacita.kafkalocal;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The server's own configuration: one node that is broker and controller, small and quick to start. */
final class BrokerProperties {
    static final int NODE = 1;
    private static final String LISTENER = "CLIENTS";
    static final String CONTROLLER = "CONTROLLER";
    private static final String OWN_USER = "broker";

    private BrokerProperties() {}

    static Properties of(LocalBrokerSettings settings, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.putAll(node(settings, port, controllerPort));
        properties.putAll(small());
        properties.putAll(settings.security().map(BrokerProperties::secured).orElseGet(BrokerProperties::inTheClear));
        return properties;
    }

    private static Map<String, String> node(LocalBrokerSettings settings, int port, int controllerPort) {
        String controller = Ports.HOST + ":" + controllerPort;
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(NODE),
                "controller.quorum.voters",
                NODE + "@" + controller,
                "controller.listener.names",
                CONTROLLER,
                "inter.broker.listener.name",
                LISTENER,
                "listeners",
                LISTENER + "://" + Ports.HOST + ":" + port + "," + CONTROLLER + "://" + controller,
                "log.dirs",
                settings.directory().toAbsolutePath().toString());
    }

    private static Map<String, String> small() {
        Map<String, String> properties = new TreeMap<>();
        for (String topic :
                new String[] {"offsets.topic.", "transaction.state.log.", "share.coordinator.state.topic."}) {
            properties.put(topic + "replication.factor", "1");
            properties.put(topic + "num.partitions", "1");
        }
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("auto.create.topics.enable", "false");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("broker.heartbeat.interval.ms", "1000");
        // Nobody can take over. A broker that hands its partitions to nobody before it stops takes them for deleted,
        // and
        // ends a transaction without the marker that readers wait for.
        properties.put("controlled.shutdown.enable", "false");
        // After a kill the next start waits this long for the dead broker's session to end.
        properties.put("broker.session.timeout.ms", "4000");
        properties.put("auto.leader.rebalance.enable", "false");
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "3");
        properties.put("num.replica.fetchers", "1");
        properties.put("background.threads", "2");
        properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        properties.put("metadata.max.idle.interval.ms", "0");
        return properties;
    }

    private static Map<String, String> inTheClear() {
        return Map.of("listener.security.protocol.map", LISTENER + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    }

    private static Map<String, String> secured(BrokerSecurity security) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("listener.security.protocol.map", LISTENER + ":SASL_SSL," + CONTROLLER + ":PLAINTEXT");
        properties.put("sasl.enabled.mechanisms", "PLAIN");
        properties.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        properties.put("ssl.keystore.type", "PEM");
        properties.put("ssl.keystore.certificate.chain", security.certificateChain());
        properties.put("ssl.keystore.key", security.privateKey());
        properties.put("ssl.truststore.type", "PEM");
        properties.put("ssl.truststore.certificates", security.trustedCertificates());
        properties.put("listener.name.clients.plain.sasl.jaas.config", users(security.passwords()));
        return properties;
    }

    private static String users(Map<String, String> passwords) {
        String own = randomPassword();
        StringBuilder jaas = new StringBuilder("org.apache.kafka.common.security.plain.PlainLoginModule required");
        jaas.append(" username=").append(quoted(OWN_USER)).append(" password=").append(quoted(own));
        Map<String, String> all = new TreeMap<>(passwords);
        all.put(OWN_USER, own);
        all.forEach((user, password) ->
                jaas.append(" user_").append(user).append('=').append(quoted(password)));
        return jaas.append(';').toString();
    }

    private static String randomPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
