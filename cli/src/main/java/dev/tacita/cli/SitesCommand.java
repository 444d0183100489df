package dev.tacita.cli;

import dev.tacita.server.ApiException;
import dev.tacita.server.SiteView;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "sites",
        mixinStandardHelpOptions = true,
        description = "Lists the sites that are present, since when, and the datasets that they offer.")
final class SitesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private AggregatorAddress aggregator;

    @Option(names = "--json", description = "Print a JSON list.")
    private boolean json;

    @Override
    public Integer call() throws ApiException, InterruptedException {
        List<SiteView> sites = aggregator.client().sites();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(sites.stream().map(SiteView::json).collect(Collectors.joining(",", "[", "]")));
        } else if (sites.isEmpty()) {
            out.println("no sites yet");
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("SITE", "SINCE", "AGENT", "DATASETS (TRAINING EXAMPLES)"));
            sites.forEach(site -> rows.add(List.of(
                    site.site().value(),
                    site.since().truncatedTo(ChronoUnit.SECONDS).toString(),
                    site.agentVersion(),
                    datasets(site))));
            Columns.of(rows).forEach(out::println);
        }
        out.flush();
        return 0;
    }

    private static String datasets(SiteView site) {
        return site.datasets().entrySet().stream()
                .map(offer -> offer.getKey()
                        + offer.getValue()
                                .map(examples -> " (" + examples + ")")
                                .orElse(""))
                .collect(Collectors.joining(", "));
    }
}
