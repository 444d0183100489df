package dev.tacita.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a command typed into a terminal printed, and the exit code it ended with. */
record Typed(int exitCode, String out, String err) {
    /** Runs {@code tacita arguments...} in this process. */
    static Typed tacita(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine =
                Tacita.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = commandLine.execute(arguments);
        commandLine.getOut().flush();
        commandLine.getErr().flush();
        return new Typed(exitCode, out.toString(), err.toString());
    }
}
