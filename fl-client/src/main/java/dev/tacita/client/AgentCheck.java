package dev.tacita.client;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.Protection;
import dev.tacita.dp.ledger.DatasetAccount;
import dev.tacita.dp.ledger.LedgerContents;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.Transport;
import dev.tacita.wire.TransportException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Looks at everything that an agent needs before it starts: the configuration, the policy, the work folder, the data
 * and the federation's logs. Sends nothing, and says nothing of any row.
 */
public final class AgentCheck {
    /** What a site sends under these is a gradient at the model received. */
    private static final Set<String> GRADIENT_SENDERS = Set.of("fedsgd", "newton-raphson");

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path configuration;
    private final Function<SiteConfig, Transport> connect;
    private final List<CheckResult> results = new ArrayList<>();

    /**
     * A check of one configuration.
     *
     * @param configuration path of {@code site.yaml}
     * @param connect makes the transport that the configuration asks for; closed after the check
     */
    public AgentCheck(Path configuration, Function<SiteConfig, Transport> connect) {
        this.configuration = configuration;
        this.connect = connect;
    }

    /**
     * Every result, in the order of the checks; what cannot be checked after a failure is left out.
     *
     * @throws InterruptedException if the thread is interrupted while it waits for the broker
     */
    public List<CheckResult> run() throws InterruptedException {
        results.clear();
        Optional<SiteConfig> config = configuration();
        if (config.isPresent()) {
            policy(config.get().policy());
            workFolder(config.get());
            keys(config.get());
            data(config.get());
            broker(config.get());
        }
        return List.copyOf(results);
    }

    private Optional<SiteConfig> configuration() {
        try {
            SiteConfig config = SiteConfig.read(configuration);
            results.add(CheckResult.pass(
                    "configuration", "site " + config.site() + " of federation " + config.federation()));
            return Optional.of(config);
        } catch (ProblemsException e) {
            fail("configuration", e);
            return Optional.empty();
        }
    }

    private void policy(SitePolicy policy) {
        results.add(CheckResult.pass(
                "policy",
                "complete: allows " + policy.algorithms().size() + " algorithms, "
                        + policy.layers().size() + " layers, "
                        + policy.datasets().size() + " datasets; metrics "
                        + (policy.shareMetrics() ? "leave" : "stay") + ", class counts "
                        + (policy.classBalance() instanceof ClassBalance.Withheld ? "stay" : "leave")));
        if (policy.leastProtection().least() == Protection.PLAIN) {
            results.add(CheckResult.warn(
                    "policy",
                    "least-protection is plain: the aggregator, and whoever can read the broker's topics, can read this"
                            + " site's updates",
                    "Take part only in federations whose aggregator and broker you trust with them."));
        }
        if (policy.leastProtection().least() == Protection.SECURE_AGGREGATION && policy.smallestCohort() == 2) {
            results.add(CheckResult.warn(
                    "policy",
                    "smallest-cohort is 2: in a sum of two each site can take its own part out, and has the other's",
                    "Ask for 3 or more."));
        }
        if (policy.privacy().least() == PrivacyLevel.NONE) {
            results.add(CheckResult.warn(
                    "policy",
                    "least-privacy is none: nothing bounds what this site's updates say about a single row",
                    "Ask for examples or more, with a largest-epsilon, where rows are people."));
        }
        if (policy.algorithms().contains("newton-raphson")) {
            results.add(CheckResult.warn(
                    "policy",
                    "algorithms has newton-raphson: what it sends has a covariance of the rows in it, and says more about them"
                            + " than an update does",
                    "Allow it only for runs whose aggregator and broker you trust with that."));
        }
        Set<String> gradients = new TreeSet<>(GRADIENT_SENDERS);
        gradients.retainAll(policy.algorithms());
        if (!gradients.isEmpty()
                && policy.classBalance() instanceof ClassBalance.Withheld
                && policy.leastProtection().least() == Protection.PLAIN) {
            results.add(CheckResult.warn(
                    "policy",
                    "class counts stay, but algorithms has " + String.join(" and ", gradients)
                            + ": the gradient of a last layer's bias has each class's part of the rows in it, and"
                            + " least-protection is plain",
                    "Leave it out of algorithms, or ask for secure-aggregation."));
        }
        if (policy.smallestCohort() == 1) {
            results.add(CheckResult.warn(
                    "policy",
                    "smallest-cohort is 1: a sum of one site is that site's own update",
                    "Ask for 2 or more."));
        }
    }

    private void keys(SiteConfig config) {
        config.keys()
                .ifPresent(keys -> results.add(CheckResult.pass(
                        "keys",
                        "this site is " + keys.identity().publicKey().fingerprint() + "; it trusts "
                                + (keys.registry().sites().size() - 1) + " other sites, and one aggregator")));
    }

    private void workFolder(SiteConfig config) {
        try (WorkFolder folder = WorkFolder.open(config.workFolder(), config.federation(), config.site())) {
            EgressFile.open(folder.egressRecord()).close();
            results.add(CheckResult.pass(
                    "work folder", "'" + config.workFolder() + "' can be written; its egress record is whole"));
            ledger(config, folder);
        } catch (ProblemsException e) {
            fail("work folder", e);
        } catch (EgressException e) {
            results.add(CheckResult.fail(
                    "work folder",
                    String.valueOf(e.getMessage()),
                    "Keep the record, find out why, and use a new folder."));
        }
    }

    private void ledger(SiteConfig config, WorkFolder folder) {
        if (!Files.exists(folder.privacyLedger())) {
            return;
        }
        Map<String, DatasetAccount> accounts =
                LedgerContents.read(folder.privacyLedger()).accounts();
        accounts.forEach((dataset, account) -> results.add(CheckResult.pass(
                "privacy ledger",
                String.format(
                        Locale.ROOT,
                        "dataset '%s' has spent epsilon %.4f of %s at delta %s",
                        dataset,
                        account.spent().epsilon(),
                        account.budget().epsilon(),
                        account.budget().delta()))));
        config.policy()
                .privacy()
                .budgets()
                .forEach((dataset, budget) -> Optional.ofNullable(accounts.get(dataset))
                        .filter(account -> !account.budget().equals(budget))
                        .ifPresent(account -> results.add(CheckResult.fail(
                                "privacy ledger",
                                "the budget of '" + dataset + "' was declared as " + account.budget()
                                        + " and is fixed; the policy" + " says " + budget,
                                "Write into the policy what was declared."))));
    }

    private void data(SiteConfig config) {
        for (SiteConfig.DataSource source : config.data()) {
            try {
                SiteDataset dataset = SiteData.read(source);
                results.add(CheckResult.pass("data", describe(dataset)));
                dataset.warnings()
                        .forEach(warning -> results.add(
                                CheckResult.warn("data", "dataset '" + dataset.name() + "': " + warning, "")));
                if (config.policy().privacy().least() != PrivacyLevel.NONE && !dataset.keepsRowsApart()) {
                    results.add(CheckResult.warn(
                            "data",
                            "rows of dataset '" + dataset.name()
                                    + "' scale or complete each other, so that runs which hide"
                                    + " single rows are refused",
                            "Give mean and deviation of each number in the schema, and drop rows with missing cells."));
                }
                if (!config.policy().datasets().contains(dataset.name())) {
                    results.add(CheckResult.warn(
                            "data",
                            "the policy does not allow dataset '" + dataset.name() + "', so every run on it is refused",
                            "Name it under policy, datasets, or do not offer it."));
                }
            } catch (ProblemsException e) {
                fail("data", e);
            }
        }
    }

    private static String describe(SiteDataset dataset) {
        return "dataset '" + dataset.name() + "' fits its schema: "
                + dataset.train().size() + " training, "
                + dataset.validation().size() + " validation and "
                + dataset.test().size() + " test examples of shape " + dataset.inputShape();
    }

    private void broker(SiteConfig config) throws InterruptedException {
        try (Transport transport = connect.apply(config)) {
            results.add(CheckResult.pass(
                    "broker", "the logs of federation " + config.federation() + " are at " + place(transport)));
            for (Channel channel : List.of(Channel.ROUNDS, Channel.MODELS)) {
                readable(transport, channel);
            }
        } catch (TransportException e) {
            results.add(CheckResult.fail(
                    "broker",
                    String.valueOf(e.getMessage()),
                    "Check the address and the credentials in the section kafka, and that the broker runs."));
        }
    }

    private static String place(Transport transport) {
        return transport.end(Channel.ROUNDS).offsets() + " rounds, "
                + transport.end(Channel.MODELS).offsets() + " models";
    }

    private void readable(Transport transport, Channel channel) throws InterruptedException {
        String name = "topic " + channel.name().toLowerCase(Locale.ROOT);
        Position beginning = transport.beginning(channel);
        if (beginning.hasReached(transport.end(channel))) {
            results.add(CheckResult.warn(
                    name, "can be read, and is empty", "Nothing to do if no aggregator has ever run here."));
            return;
        }
        try (LogReader reader = transport.read(channel, beginning)) {
            List<Entry> entries = reader.poll(PATIENCE);
            if (entries.isEmpty()) {
                results.add(CheckResult.fail(
                        name,
                        "gave no entry in " + PATIENCE.toSeconds() + " s",
                        "Check the access rules of the broker."));
                return;
            }
            MessageCodec.decode(entries.get(0).frame().bytes());
            results.add(CheckResult.pass(name, "can be read"));
        } catch (RefusedMessageException e) {
            results.add(CheckResult.fail(
                    name, "holds something else: " + e.getMessage(), "Check the name of the federation."));
        }
    }

    private void fail(String name, ProblemsException e) {
        for (Problem problem : e.problems()) {
            String place = problem.place().isEmpty() ? "" : problem.place() + ": ";
            results.add(CheckResult.fail(name, place + problem.why(), problem.fix()));
        }
    }
}
