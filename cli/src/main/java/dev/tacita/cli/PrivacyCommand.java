package dev.tacita.cli;

import picocli.CommandLine.Command;

@Command(
        name = "privacy",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Differential privacy: what training reveals, the noise that a budget asks for, and what was spent of it.",
        subcommands = {
            PrivacyEpsilonCommand.class,
            PrivacyCalibrateCommand.class,
            PrivacyBudgetCommand.class,
            PrivacyLedgerCommand.class
        })
final class PrivacyCommand {}
