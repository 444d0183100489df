package dev.tacita.cli;

import dev.tacita.client.Participant;
import dev.tacita.client.SiteConfig;
import dev.tacita.kafka.KafkaTransport;
import dev.tacita.region.Region;
import dev.tacita.region.RegionConfig;
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
        name = "region",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a region until it is told to end: a site of one federation, and the aggregator of another.",
            "For each round of a hierarchical run that it is asked for, it does the plan's edge-rounds with its own sites, which read"
                    + " the plan and may refuse it, and sends what came of them. Started again, it goes on where it was.",
            "It serves the API of an aggregator for its own federation: see 'tacita server --help'."
        })
final class RegionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The region's configuration, a YAML file.")
    private Path config;

    @Option(
            names = "--wait",
            description =
                    "Wait for a broker or topics of the federation of regions that are not there yet, however long.")
    private boolean wait;

    @Mixin
    private ParentWatch parentWatch;

    @Override
    public Integer call() throws Exception {
        RegionConfig read = RegionConfig.read(config);
        try (Shutdown shutdown = new Shutdown()) {
            parentWatch.start();
            SiteConfig site = read.site();
            KafkaTransport transport = shutdown.add(Connection.of(site, wait));
            AggregatorProcess own = AggregatorProcess.start(read.aggregator(), shutdown);
            Region region = shutdown.add(Region.of(
                    Participant.builder().config(site).transport(transport), own.aggregator(), read.rounds()));
            PrintWriter out = spec.commandLine().getOut();
            out.println("region " + site.site() + " of " + site.federation() + ": ready; aggregator of "
                    + own.aggregator().federation() + ": " + own.address());
            out.flush();
            region.start();
            own.ended().get();
            return 0;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
