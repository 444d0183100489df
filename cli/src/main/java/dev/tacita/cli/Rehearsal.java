package dev.tacita.cli;

import dev.tacita.client.Participant;
import dev.tacita.client.SiteConfig;
import dev.tacita.kafka.KafkaTransport;
import dev.tacita.kafka.KafkaTransportSettings;
import dev.tacita.kafkalocal.LocalBroker;
import dev.tacita.kafkalocal.LocalBrokerSettings;
import dev.tacita.server.AggregatorConfigReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One round of the demonstration, with all its parts in this process. The build runs it once, so that the JVM keeps the
 * classes that a federation needs in an archive from which the command then starts.
 */
final class Rehearsal {
    private Rehearsal() {}

    /** Runs in the folder that is given, which must be new or empty. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Logs.quiet();
        System.exit(run(Path.of(arguments[0])));
    }

    private static int run(Path folder) throws IOException, InterruptedException {
        Demo demo = Demo.BREAST_CANCER;
        String plan = demo.underSecureAggregation(demo.plan()).replaceFirst("rounds: \\d+", "rounds: 1");
        try (Shutdown shutdown = new Shutdown()) {
            LocalBroker broker =
                    shutdown.add(LocalBroker.start(LocalBrokerSettings.inTheClear(folder.resolve("broker"), 0)));
            DemoFolder files = DemoFolder.write(folder, demo, Optional.empty(), plan, broker.bootstrapServers(), 0);
            String server = AggregatorProcess.start(AggregatorConfigReader.read(files.aggregatorConfig()), shutdown)
                    .address()
                    .toString();
            for (String site : demo.sites()) {
                SiteConfig config = SiteConfig.read(files.siteConfig(site));
                KafkaTransport transport = shutdown.add(KafkaTransport.connect(
                        config.federation(), config.kafkaProperties(), KafkaTransportSettings.STANDARD));
                shutdown.add(Participant.builder()
                                .config(config)
                                .transport(transport)
                                .build())
                        .start();
            }
            String planFile = folder.resolve("plan.yaml").toString();
            return Stream.of(List.of("run", "submit", "--watch", planFile), List.of("run", "list"), List.of("sites"))
                    .mapToInt(command -> tacita(command, server))
                    .max()
                    .orElseThrow();
        }
    }

    private static int tacita(List<String> command, String server) {
        return Tacita.commandLine()
                .execute(Stream.concat(command.stream(), Stream.of("--server", server))
                        .toArray(String[]::new));
    }
}
