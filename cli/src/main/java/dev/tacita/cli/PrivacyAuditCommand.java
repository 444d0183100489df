package dev.tacita.cli;

import dev.tacita.client.SiteConfig;
import dev.tacita.client.SiteData;
import dev.tacita.client.SiteDataset;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.audit.AuditReport;
import dev.tacita.dp.audit.Claim;
import dev.tacita.dp.audit.ReleaseDecision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Attacks a trained model with the site's own rows: which of them was it trained on?",
            "Trains reference models at the site, prints a table and writes a page. Nothing leaves the site."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; with --claimed-epsilon: the claim is not contradicted",
            "1:the audit shows a larger epsilon than was claimed: do not release the model",
            "2:what was given cannot be used; each problem is printed"
        })
final class PrivacyAuditCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "RUN",
            arity = "1..*",
            description = "The directory of a run, with plan.yaml and model.safetensors; more to compare it with.")
    private List<Path> runs = List.of();

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The site's configuration.")
    private Path config;

    @Option(names = "--report", paramLabel = "FILE", required = true, description = "The page to write, HTML.")
    private Path report;

    @Option(
            names = "--references",
            paramLabel = "N",
            defaultValue = "16",
            description = "Reference models to train, an even number of 4 or more (${DEFAULT-VALUE}).")
    private int references;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "1000",
            description = "At most so many training rows, each beside a test row (${DEFAULT-VALUE}).")
    private int pairs;

    @Option(
            names = "--false-alarm",
            paramLabel = "P",
            required = true,
            description =
                    "Probability, between 0 and 1, to refuse a claim that is true; of each interval too. Required.")
    private double falseAlarm;

    @Option(names = "--delta", paramLabel = "D", required = true, description = "Of (epsilon, delta). Required.")
    private double delta;

    @Option(names = "--claimed-epsilon", paramLabel = "E", description = "What is claimed of the first run.")
    private @Nullable Double claimedEpsilon;

    @Option(
            names = "--relation",
            paramLabel = "RELATION",
            converter = WantedGuarantee.RelationWord.class,
            description = "The neighbours of the claim, such as add-or-remove-one; required with --claimed-epsilon.")
    private @Nullable NeighbouringRelation relation;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.quiet();
        Optional<Claim> claim = checkedClaim();
        List<AuditedRun> audited = new ArrayList<>();
        for (Path run : runs) {
            audited.add(AuditedRun.read(run));
        }
        Map<String, SiteDataset> datasets =
                SiteData.readAll(SiteConfig.read(config).data());
        double boundDelta = claim.map(it -> it.forReplacing().delta()).orElse(delta);
        List<AuditReport> reports = new ArrayList<>();
        int rows = 0;
        for (AuditedRun run : audited) {
            SeedStream seeds = SeedStream.of(run.plan().seed()).derive("audit");
            AuditedRows drawn =
                    AuditedRows.draw(dataset(datasets, run), run.plan().loss(), pairs, seeds.derive("rows"));
            rows = drawn.candidates() / 2;
            reports.add(new MembershipStudy(run, drawn, seeds).report(references, boundDelta, falseAlarm));
        }
        Optional<ReleaseDecision> decision = claim.map(it -> reports.get(0).decide(it));
        String study = references + " reference models of each plan were trained on halves of " + 2 * rows
                + " rows of this site, without differential privacy; false alarm " + falseAlarm + ", delta "
                + boundDelta
                + " for neighbours that replace one.";
        AuditPage page = new AuditPage(reports, decision, study);
        Files.write(report, page.html());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(AuditJson.of(reports, decision));
        } else {
            page.lines().forEach(out::println);
            out.println("report  " + report);
        }
        out.flush();
        return decision.filter(ReleaseDecision.Refused.class::isInstance).isPresent() ? Failures.FAILED : 0;
    }

    private Optional<Claim> checkedClaim() {
        List<Problem> problems = new ArrayList<>();
        if (!(falseAlarm > 0 && falseAlarm < 1)) {
            problems.add(Problem.of(
                    "--false-alarm", "it must lie between 0 and 1, both excluded; it is " + falseAlarm + "."));
        }
        if (!(delta >= 0 && delta < 1)) {
            problems.add(Problem.of("--delta", "it must be 0 or more and below 1; it is " + delta + "."));
        }
        if (references < 4 || references % 2 != 0) {
            problems.add(
                    Problem.of("--references", "it must be an even number of 4 or more; it is " + references + "."));
        }
        if (pairs < 10) {
            problems.add(Problem.of("--pairs", "it must be 10 or more; it is " + pairs + "."));
        }
        Double epsilon = claimedEpsilon;
        NeighbouringRelation neighbours = relation;
        if (epsilon != null && !(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
            problems.add(
                    Problem.of("--claimed-epsilon", "it must be a finite number of 0 or more; it is " + epsilon + "."));
        }
        if (epsilon != null && neighbours == null) {
            problems.add(Problem.of("--relation", "it must be given with --claimed-epsilon."));
        }
        if (epsilon == null && neighbours != null) {
            problems.add(Problem.of("--relation", "it belongs to --claimed-epsilon, which is missing."));
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException("these options describe no audit", problems);
        }
        return epsilon == null || neighbours == null
                ? Optional.empty()
                : Optional.of(new Claim(epsilon, delta, neighbours));
    }

    private SiteDataset dataset(Map<String, SiteDataset> datasets, AuditedRun run) {
        return Optional.ofNullable(datasets.get(run.plan().dataset()))
                .orElseThrow(() -> new ProblemsException(
                        config.toString(),
                        List.of(Problem.of(
                                "data",
                                "it must have the dataset '" + run.plan().dataset() + "' of run '" + run.name()
                                        + "'. Provided: " + String.join(", ", datasets.keySet()) + "."))));
    }
}
