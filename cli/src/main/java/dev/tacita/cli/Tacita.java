package dev.tacita.cli;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The front door of the command line. */
@Command(
        name = "tacita",
        description = "Federated learning with privacy that holds: hospitals train one model, no record leaves one.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            DemoCommand.class,
            BrokerCommand.class,
            ServerCommand.class,
            AgentCommand.class,
            RegionCommand.class,
            RunCommand.class,
            SitesCommand.class,
            PrivacyCommand.class,
            KeysCommand.class,
            SimulateCommand.class,
            GenerateCompletion.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it failed, such as a run that ended before its last round",
            "2:what was given cannot be used: options, a file, an address; each problem is printed",
            "130:interrupted"
        })
public final class Tacita {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print stack traces and debug logs.")
    private boolean debug;

    private Tacita() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    private static void tellVersion(CommandLine command) {
        command.getCommandSpec().versionProvider(new Version());
        command.getSubcommands().values().forEach(Tacita::tellVersion);
    }

    private static <T> ITypeConverter<T> named(Function<String, T> name) {
        return text -> {
            try {
                return name.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    private static int reportParameters(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        PrintWriter err = command.getErr();
        if (List.of(arguments).contains("--debug")) {
            exception.printStackTrace(err);
        }
        String message = String.valueOf(exception.getMessage());
        List<String> unknown = command.getUnmatchedArguments();
        if (exception instanceof MissingParameterException && !unknown.isEmpty()) {
            message += "; unknown: '" + String.join("', '", unknown) + "'";
        }
        int code = Failures.report(new UnusableException(message), err);
        UnmatchedArgumentException.printSuggestions(exception, err);
        err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return code;
    }

    /** The command as picocli sees it. */
    static CommandLine commandLine() {
        Tacita tacita = new Tacita();
        CommandLine commandLine = new CommandLine(tacita);
        tellVersion(commandLine);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.registerConverter(RunId.class, named(RunId::new));
        commandLine.registerConverter(SiteId.class, named(SiteId::new));
        commandLine.setParameterExceptionHandler(Tacita::reportParameters);
        commandLine.setExecutionStrategy(parsed -> {
            if (tacita.debug) {
                Logs.debug();
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        commandLine.setExecutionExceptionHandler((exception, command, parsed) -> {
            if (tacita.debug) {
                exception.printStackTrace(command.getErr());
            }
            return Failures.report(exception, command.getErr());
        });
        return commandLine;
    }
}
