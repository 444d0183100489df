package dev.tacita.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An agent in a process of its own, which ends with the one that started it. */
final class AgentProcess implements AutoCloseable {
    private final String site;
    private final Process process;
    private final Path log;

    private AgentProcess(String site, Process process, Path log) {
        this.site = site;
        this.process = process;
        this.log = log;
    }

    /** Starts {@code tacita agent} with the Java, its options and the code of this process. */
    static AgentProcess start(String site, Path config) throws IOException {
        Path log = config.resolveSibling("agent.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "-Dsun.misc.unsafe.memory.access=allow"));
        command.addAll(options());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Tacita.class.getName()));
        command.addAll(List.of("agent", "--config", config.toString(), "--wait", "--until-input-ends"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putIfAbsent("OPENBLAS_NUM_THREADS", "1");
        return new AgentProcess(site, builder.start(), log);
    }

    /** How this process compiles, collects and shares classes; what it opens, such as a debugger's port, is its own. */
    private static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:") || option.startsWith("-Xlog:cds"))
                .toList();
    }

    String site() {
        return site;
    }

    long pid() {
        return process.pid();
    }

    /** Throws, with the end of its log, if the agent has ended. */
    void checkAlive() throws IOException {
        if (!process.isAlive()) {
            List<String> lines = Files.readAllLines(log);
            throw new DemoFailedException("the agent of " + site + " ended with exit code " + process.exitValue()
                    + "; the end of " + log + ":\n  "
                    + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 10), lines.size())));
        }
    }

    /** Lets it say goodbye. */
    void terminate() {
        process.destroy();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 6, TimeUnit.SECONDS).join();
        process.destroyForcibly();
        process.onExit().join();
    }
}
