package dev.tacita.cli;

import java.io.IOException;
import picocli.CommandLine.Option;

/** Ends this process when the process that started it is gone, however that ended. */
final class ParentWatch {
    @Option(
            names = "--until-input-ends",
            hidden = true,
            description = "End when standard input ends, as it does when the starting process is gone.")
    private boolean untilInputEnds;

    void start() {
        if (!untilInputEnds) {
            return;
        }
        Thread watch = new Thread(ParentWatch::exitAtEndOfInput, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void exitAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            // An input that cannot be read has ended.
        }
        System.exit(0);
    }
}
