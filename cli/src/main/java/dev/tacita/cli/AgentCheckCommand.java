package dev.tacita.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tacita.client.AgentCheck;
import dev.tacita.client.CheckResult;
import dev.tacita.client.CheckResult.Level;
import dev.tacita.kafka.KafkaTransport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at everything an agent needs, before it starts: configuration, policy, work folder, data, broker.",
            "One line each: PASS, WARN or FAIL, and what to do. Sends nothing and prints nothing of any row."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing fails", "2:something fails"})
final class AgentCheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The site's configuration, a YAML file.")
    private Path config;

    @Option(names = "--json", description = "Print a JSON list.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Logs.quiet();
        List<CheckResult> results = new AgentCheck(
                        config,
                        site -> KafkaTransport.connect(site.federation(), site.kafkaProperties(), Connection.FIRST))
                .run();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(results));
        } else {
            results.forEach(result -> out.println(line(result)));
        }
        out.flush();
        return results.stream().anyMatch(result -> result.level() == Level.FAIL) ? Failures.UNUSABLE : 0;
    }

    private static String json(List<CheckResult> results) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (CheckResult result : results) {
            list.addObject()
                    .put("level", result.level().name())
                    .put("check", result.name())
                    .put("finding", result.finding())
                    .put("remedy", result.remedy());
        }
        return list.toString();
    }

    private static String line(CheckResult result) {
        String line = result.level() + "  " + result.name() + ": " + result.finding();
        return result.remedy().isEmpty() ? line : line + System.lineSeparator() + "      " + result.remedy();
    }
}
