package dev.tacita.cli;

import dev.tacita.kafkalocal.LocalBroker;
import dev.tacita.kafkalocal.LocalBrokerSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "broker",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one real Kafka broker on this machine's loopback address.",
            "For trying things out: it has no password and no second copy. Ctrl-C ends it; its logs stay in the folder,"
                    + " and the next start goes on from them."
        })
final class BrokerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--folder",
            defaultValue = "runs/broker",
            paramLabel = "FOLDER",
            description = "Where the broker keeps its logs; default: ${DEFAULT-VALUE}.")
    private Path folder;

    @Option(
            names = "--port",
            defaultValue = "9092",
            paramLabel = "PORT",
            description = "Port on 127.0.0.1, 0 takes a free one; default: ${DEFAULT-VALUE}.")
    private int port;

    @Mixin
    private ParentWatch parentWatch;

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > 65535) {
            throw new UnusableException("--port must be 0 to 65535. Provided value: " + port);
        }
        try (Shutdown shutdown = new Shutdown()) {
            parentWatch.start();
            LocalBroker broker = shutdown.add(LocalBroker.start(LocalBrokerSettings.inTheClear(folder, port)));
            PrintWriter out = spec.commandLine().getOut();
            out.println("bootstrap.servers: " + broker.bootstrapServers());
            out.flush();
            shutdown.await();
            return 0;
        }
    }
}
