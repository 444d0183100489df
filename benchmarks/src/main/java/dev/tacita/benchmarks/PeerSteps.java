package dev.tacita.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs training steps for {@code benchmarks/peers}, plain ones or, with the argument {@code clipped}, clipped
 * ones, or, with {@code private}, those of DP-SGD on as many examples as MNIST has. Reads
 * "model:batch run milliseconds" and answers "steps nanoseconds cpu", "model:batch parameters" and answers their number,
 * "model:batch write folder" and answers "done".
 */
public final class PeerSteps {
    interface Steps {
        void run(int steps) throws InterruptedException;

        void write(Path folder) throws IOException, InterruptedException;
    }

    private static final int MNIST_EXAMPLES = 60_000;

    private final PeerCase example;
    private final Steps steps;
    private int stepsInCall = 1;

    private PeerSteps(PeerCase example, Steps steps) {
        this.example = example;
        this.steps = steps;
    }

    private static PeerSteps of(String kind, String model, int batch) {
        PeerCase few = PeerCase.of(model, batch);
        return switch (kind) {
            case "plain" -> new PeerSteps(few, new PlainSteps(few));
            case "clipped" -> new PeerSteps(few, new ClippedSteps(few));
            case "private" -> {
                PeerCase many = PeerCase.of(model, batch, MNIST_EXAMPLES);
                yield new PeerSteps(many, new PrivateSteps(many));
            }
            default -> throw new IllegalArgumentException("no such kind of step. Provided value: " + kind);
        };
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String kind = arguments.length == 0 ? "plain" : arguments[0];
        Map<String, PeerSteps> cases = new HashMap<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split("[ :]", 4);
            PeerSteps steps = cases.computeIfAbsent(
                    words[0] + ":" + words[1], key -> of(kind, words[0], Integer.parseInt(words[1])));
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
