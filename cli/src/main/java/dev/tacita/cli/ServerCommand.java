package dev.tacita.cli;

import dev.tacita.server.AggregatorConfig;
import dev.tacita.server.AggregatorConfigReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the aggregator of a federation until it is told to end.",
            "It makes the federation's topics if they are not there, goes on where the journal ends, and serves its API."
                    + " A second aggregator of the same federation takes over from the first."
        })
final class ServerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The aggregator's configuration, a YAML file.")
    private Path config;

    @Mixin
    private ParentWatch parentWatch;

    @Override
    public Integer call() throws Exception {
        AggregatorConfig settings = AggregatorConfigReader.read(config);
        try (Shutdown shutdown = new Shutdown()) {
            parentWatch.start();
            AggregatorProcess aggregator = AggregatorProcess.start(settings, shutdown);
            PrintWriter out = spec.commandLine().getOut();
            out.println("aggregator of " + settings.federation() + ": " + aggregator.address());
            out.flush();
            aggregator.ended().get();
            return 0;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
