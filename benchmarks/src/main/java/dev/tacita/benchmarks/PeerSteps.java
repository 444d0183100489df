package dev.tacita.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs training steps for {@code benchmarks/peers}, plain ones or, with the argument {@code clipped}, clipped ones. Reads
 * "model:batch run milliseconds" and answers "steps nanoseconds cpu", "model:batch parameters" and answers their number,
 * "model:batch write folder" and answers "done".
 */
public final class PeerSteps {
    interface Steps {
        void run(int steps) throws InterruptedException;

        void write(Path folder) throws IOException, InterruptedException;
    }

    private final PeerCase example;
    private final Steps steps;
    private int stepsInCall = 1;

    private PeerSteps(PeerCase example, boolean clipped) {
        this.example = example;
        steps = clipped ? new ClippedSteps(example) : new PlainSteps(example);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean clipped = List.of(arguments).contains("clipped");
        Map<String, PeerSteps> cases = new HashMap<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split("[ :]", 4);
            PeerSteps steps = cases.computeIfAbsent(
                    words[0] + ":" + words[1],
                    key -> new PeerSteps(PeerCase.of(words[0], Integer.parseInt(words[1])), clipped));
            System.out.println(
                    switch (words[2]) {
                        case "run" -> steps.run(Long.parseLong(words[3]) * 1_000_000);
                        case "parameters" -> steps.parameters();
                        case "write" -> steps.write(Path.of(words[3]));
                        default -> throw new IllegalArgumentException("no such word. Provided value: " + words[2]);
                    });
        }
    }

    /** Trains until the time is over, in calls long enough that what a call costs once does not count. */
    private String run(long nanoseconds) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long done = 0;
        long cpu = threads.getCurrentThreadCpuTime();
        long begin = System.nanoTime();
        long now = begin;
        while (now - begin < nanoseconds) {
            long callBegin = now;
            steps.run(stepsInCall);
            done += stepsInCall;
            now = System.nanoTime();
            if (now - callBegin < nanoseconds / 20) {
                stepsInCall *= 2;
            }
        }
        return done + " " + (now - begin) + " " + (threads.getCurrentThreadCpuTime() - cpu);
    }

    private String parameters() {
        return Integer.toString(example.model().layout().slots().stream()
                .filter(slot -> slot.trained())
                .mapToInt(slot -> slot.length())
                .sum());
    }

    private String write(Path folder) throws IOException, InterruptedException {
        steps.write(folder);
        return "done";
    }
}
