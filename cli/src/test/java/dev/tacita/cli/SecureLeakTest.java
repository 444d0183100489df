package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import dev.tacita.client.Participant;
import dev.tacita.client.SiteConfig;
import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.core.number.Quantization;
import dev.tacita.kafka.KafkaTransport;
import dev.tacita.kafka.KafkaTransportSettings;
import dev.tacita.keys.KeyFile;
import dev.tacita.testkit.Reading;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that a run under secure aggregation leaves in the broker's topics, and the aggregator's memory after a round, hold nothing that
 * a site kept secret: its update as float32, as the numbers that are summed, or as fixed-point words; its seeds, private keys, and
 * shares of others. The same search finds an update in a plain run, and in the aggregator's memory the one secret that is its own.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class SecureLeakTest {
    private static final Duration START = Duration.ofMinutes(2);
    private static final int VALUES = 16 * 30 + 16 + 16 + 1;
    private static final int WINDOW = 8;
    private static final Quantization NUMBERS = new Quantization(16, 28, 1000);

    private final Needles needles = new Needles();
    private final Map<String, List<byte[]>> secrets = Collections.synchronizedMap(new HashMap<>());
    private final CountDownLatch secondRound = new CountDownLatch(1);
    private final CountDownLatch dumped = new CountDownLatch(1);

    @Test
    void theTopicsAndTheAggregatorsMemoryHoldNoSecretOfASite(@TempDir Path folder) throws Exception {
        try (Federation federation = new Federation(folder.resolve("output"))) {
            Part broker = federation.start(
                    "broker", "--folder", folder.resolve("broker").toString(), "--port", "0");
            String servers = "127.0.0.1:" + broker.await("bootstrap.servers: 127.0.0.1:(\\d+)", START);
            String plan = Demo.BREAST_CANCER.plan().replaceFirst("rounds: .*", "rounds: 2");
            String secure = Demo.BREAST_CANCER.underSecureAggregation(plan);
            DemoFolder files = DemoFolder.write(
                    folder.resolve("federation"), Demo.BREAST_CANCER, Optional.empty(), secure, servers, 0);
            Part server = federation.start(
                    "server", "--config", files.aggregatorConfig().toString());
            String api = server.await("aggregator of demo: (\\S+)", START);
            List<Participant> agents = new ArrayList<>();
            try (KafkaTransport transport = KafkaTransport.connect(
                    new FederationId("demo"), Map.of("bootstrap.servers", servers), KafkaTransportSettings.STANDARD)) {
                for (String site : Demo.BREAST_CANCER.sites()) {
                    agents.add(join(files, site, transport));
                }
                Thread watcher = watch(agents);
                RunId run = submit(federation, folder, "secure.yaml", secure, api);
                assertThat(secondRound.await(2, TimeUnit.MINUTES)).isTrue();
                Path dump = dump(server, folder);
                dumped.countDown();
                federation.run("run", "watch", run.value(), "--server", api);
                watcher.interrupt();
                watcher.join();

                noteSecrets(files);
                assertThat(needles.count()).isGreaterThan(4 * 3 * 6 + 4 * 3);
                assertThat(inTopics(transport)).as("secrets in the topics").isEmpty();
                assertThat(in(dump))
                        .as("secrets in the aggregator's memory after a round")
                        .isEmpty();

                Needles own = new Needles();
                own.add(
                        "the aggregator's key",
                        KeyFile.readAggregatorKey(files.aggregatorConfig().resolveSibling("aggregator.key"))
                                .secretBytes());
                try (InputStream in = Files.newInputStream(dump)) {
                    assertThat(own.find(in)).as("what the aggregator does hold").hasSize(1);
                }
                federation.run(
                        "run",
                        "watch",
                        submit(federation, folder, "plain.yaml", plan, api).value(),
                        "--server",
                        api);
                assertThat(inTopics(transport))
                        .as("what the same search finds after a plain run")
                        .contains("float32 of north in round 1", "float32 of west in round 2");
            } finally {
                agents.forEach(Participant::close);
            }
        }
    }

    private Participant join(DemoFolder files, String site, KafkaTransport transport) throws IOException {
        Path policy = files.site(site).resolve("policy.yaml");
        Files.writeString(
                policy, Files.readString(policy).replaceFirst("least-protection: .*", "least-protection: plain"));
        Participant agent = Participant.builder()
                .config(SiteConfig.read(files.siteConfig(site)))
                .transport(transport)
                .trainer(new Marked(site))
                .build();
        agent.start();
        return agent;
    }

    private static RunId submit(Federation federation, Path folder, String name, String plan, String api)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve(name), plan);
        return new RunId(federation
                .run("run", "submit", file.toString(), "--server", api)
                .strip());
    }

    /** Whose updates are known, and the same in every second round. */
    private final class Marked implements LocalTrainer {
        private final String site;
        private int round;

        Marked(String site) {
            this.site = site;
        }

        @Override
        public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
            round++;
            if (round == 2) {
                secondRound.countDown();
                dumped.await();
            }
            float[] values = new float[task.parameters().length];
            assertThat(values).hasSize(VALUES);
            var random = new SplittableRandom(site.hashCode() + round % 2);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextDouble() / 100);
            }
            if (round <= 2) {
                note(values, train.size());
            }
            return new LocalResult(
                    new ModelUpdate(values, train.size()), new Evaluation(train.size(), train.size(), 0));
        }

        private void note(float[] values, int weight) {
            for (int from : new int[] {0, values.length / 2, values.length - WINDOW}) {
                ByteBuffer floats = buffer(Float.BYTES);
                ByteBuffer words = buffer(Long.BYTES);
                ByteBuffer down = buffer(Integer.BYTES);
                for (int i = from; i < from + WINDOW; i++) {
                    floats.putFloat(values[i]);
                    words.putLong(weight * FixedPoint.STANDARD.encode(values[i]));
                    down.putInt((int) Math.floor(
                            values[i] * (weight / (double) NUMBERS.maxWeight()) / NUMBERS.limit() * NUMBERS.largest()));
                }
                String of = " of " + site + " in round " + round;
                synchronized (needles) {
                    needles.add("float32" + of, content(floats));
                    needles.add("float32 of the heap" + of + from, reversed(content(floats), Float.BYTES));
                    needles.add("words" + of + from, content(words));
                    needles.add("words of the heap" + of + from, reversed(content(words), Long.BYTES));
                }
                noteNumbers(of + from, down);
            }
        }

        /** Each number is rounded up or down at random, so all combinations of two neighbours are looked for. */
        private void noteNumbers(String of, ByteBuffer down) {
            for (int ups = 0; ups < 1 << WINDOW; ups++) {
                ByteBuffer numbers = buffer(Integer.BYTES);
                for (int i = 0; i < WINDOW; i++) {
                    numbers.putInt(down.getInt(i * Integer.BYTES) + (ups >> i & 1));
                }
                synchronized (needles) {
                    needles.add("numbers" + of + " " + ups, content(numbers));
                    needles.add("numbers of the heap" + of + " " + ups, reversed(content(numbers), Integer.BYTES));
                }
            }
        }

        @Override
        public Evaluation evaluate(LocalTask task, Examples examples) {
            return new Evaluation(examples.size(), examples.size(), 0);
        }
    }

    private static ByteBuffer buffer(int width) {
        return ByteBuffer.allocate(WINDOW * width).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] content(ByteBuffer full) {
        byte[] content = new byte[full.capacity()];
        full.get(0, content);
        return content;
    }

    /** A heap dump has numbers with their first byte first. */
    private static byte[] reversed(byte[] bytes, int width) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[i / width * width + width - 1 - i % width];
        }
        return reversed;
    }

    /** Copies what the agents' sessions hold secret, while they hold it. */
    private Thread watch(List<Participant> agents) {
        Thread watcher = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                for (Participant agent : agents) {
                    collectWhatStandsStill(agent);
                }
                try {
                    Thread.sleep(2);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        watcher.setDaemon(true);
        watcher.start();
        return watcher;
    }

    private void collectWhatStandsStill(Participant agent) {
        try {
            collect(agent, "agent", Collections.newSetFromMap(new IdentityHashMap<>()));
        } catch (ConcurrentModificationException changing) {
            secrets.computeIfAbsent("changing", any -> new ArrayList<>());
        }
    }

    private void collect(Object from, String path, Set<Object> seen) {
        if (!seen.add(from)) {
            return;
        }
        if (from instanceof byte[] bytes) {
            secrets.computeIfAbsent(path, any -> new ArrayList<>()).add(bytes.clone());
        } else if (from instanceof Map<?, ?> map) {
            List.copyOf(map.values()).forEach(each -> collect(each, path, seen));
        } else if (from instanceof Optional<?> optional) {
            optional.ifPresent(each -> collect(each, path, seen));
        } else if (from.getClass().getName().startsWith("dev.tacita")) {
            for (Field field : from.getClass().getDeclaredFields()) {
                String type = from.getClass().getSimpleName();
                if (!Modifier.isStatic(field.getModifiers())
                        && List.of(
                                        "Participant",
                                        "Answers",
                                        "Started",
                                        "SecureAnswer",
                                        "SiteSession",
                                        "SiteSecrets",
                                        "HeldShares",
                                        "Octets")
                                .contains(type)
                        && isOnTheWay(type, field.getName())) {
                    collect(value(field, from), type + "." + field.getName(), seen);
                }
            }
        }
    }

    private static boolean isOnTheWay(String type, String field) {
        return switch (type) {
            case "Participant" -> field.equals("answers");
            case "Answers" -> field.equals("started");
            case "Started" -> field.equals("answer");
            case "SecureAnswer" -> field.equals("session");
            case "SiteSession" -> field.equals("secrets");
            default -> !field.equals("random");
        };
    }

    private static Object value(Field field, Object of) {
        try {
            field.setAccessible(true);
            return field.get(of);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private void noteSecrets(DemoFolder files) {
        Map<String, Integer> kinds = new HashMap<>();
        secrets.remove("changing");
        secrets.forEach((path, all) -> {
            Set<String> different = new TreeSet<>();
            for (byte[] each : all) {
                boolean wiped = new String(each, StandardCharsets.ISO_8859_1).indexOf("\0\0\0\0") >= 0;
                if (!wiped && different.add(HexFormat.of().formatHex(each))) {
                    needles.add(path + " " + different.size(), each);
                }
            }
            kinds.put(path, different.size());
        });
        assertThat(kinds)
                .as("kinds of secrets of the sessions")
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy((path, count) -> assertThat(count).as(path).isGreaterThanOrEqualTo(4));
        for (String site : Demo.BREAST_CANCER.sites()) {
            needles.add(
                    "identity of " + site,
                    KeyFile.readIdentity(files.site(site).resolve("site.key")).secretBytes());
        }
    }

    private static Path dump(Part server, Path folder) throws Exception {
        Path dump = folder.resolve("aggregator.hprof");
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(server.pid()),
                        "GC.heap_dump",
                        dump.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(jcmd.waitFor()).isZero();
        return dump;
    }

    private Set<String> in(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return needles.find(in);
        }
    }

    private Set<String> inTopics(KafkaTransport transport) throws InterruptedException {
        Set<String> found = new TreeSet<>();
        for (Channel channel : Channel.values()) {
            for (Entry entry : Reading.all(transport, channel)) {
                ByteBuffer view = entry.frame().bytes().duplicate();
                byte[] bytes = new byte[view.remaining()];
                view.get(bytes);
                found.addAll(needles.find(bytes));
            }
        }
        return found;
    }
}
