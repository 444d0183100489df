package dev.tacita.cli;

import dev.tacita.client.Participant;
import dev.tacita.client.SiteConfig;
import dev.tacita.kafka.KafkaTransport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        subcommands = AgentCheckCommand.class,
        description = {
            "Runs a site's agent until it is told to end.",
            "It takes part in what the site's policy allows and refuses the rest. It only ever dials out, and mends broken"
                    + " connections by itself for as long as it takes."
        })
final class AgentCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "The site's configuration, a YAML file. Required.")
    private @Nullable Path config;

    @Option(names = "--wait", description = "Wait for a broker or topics that are not there yet, however long.")
    private boolean wait;

    @Mixin
    private ParentWatch parentWatch;

    @Override
    public Integer call() throws Exception {
        if (config == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--config=FILE'");
        }
        SiteConfig site = SiteConfig.read(config);
        try (Shutdown shutdown = new Shutdown()) {
            parentWatch.start();
            var prepared = Participant.builder().config(site);
            KafkaTransport transport = shutdown.add(Connection.of(site, wait));
            Participant participant = shutdown.add(prepared.transport(transport).build());
            PrintWriter out = spec.commandLine().getOut();
            out.println("agent of " + site.site() + ": ready");
            out.flush();
            participant.participate();
            return 0;
        }
    }
}
