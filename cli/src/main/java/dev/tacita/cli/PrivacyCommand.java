package dev.tacita.cli;

import picocli.CommandLine.Command;

@Command(
        name = "privacy",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Differential privacy: what training reveals, the noise that a budget asks for, what was spent of it, and what attacks find.",
        subcommands = {
            PrivacyEpsilonCommand.class,
            PrivacyCalibrateCommand.class,
            PrivacyBudgetCommand.class,
            PrivacyLedgerCommand.class,
            PrivacyAuditCommand.class
        })
final class PrivacyCommand {}
