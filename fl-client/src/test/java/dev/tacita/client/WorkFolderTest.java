package dev.tacita.client;

import static dev.tacita.client.Samples.PLAN;
import static dev.tacita.client.Samples.parameters;
import static dev.tacita.client.Samples.participant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tacita.core.FederationId;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.wire.Hash;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@Isolated("it reads what all agents log")
class WorkFolderTest {
    private static final FederationId FEDERATION = new FederationId("test");
    private static final SiteId NORTH = new SiteId("north");

    private final Path folder;

    WorkFolderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void keepsThePlaceOfAnAgent() throws IOException {
        Map<Hash, Position> models = new LinkedHashMap<>();
        models.put(Tensors.sha256(parameters(1)), new Position(List.of(4L)));
        models.put(Tensors.sha256(parameters(2)), new Position(List.of(9L)));
        AgentPlace place = new AgentPlace(new Position(List.of(12L, 7L)), models);
        try (WorkFolder work = WorkFolder.open(folder, FEDERATION, NORTH)) {
            assertThat(work.place()).isEmpty();
            work.save(place);
        }
        try (WorkFolder work = WorkFolder.open(folder, FEDERATION, NORTH)) {
            assertThat(work.place()).contains(place);
        }
        try (WorkFolder other = WorkFolder.open(folder, FEDERATION, new SiteId("south"))) {
            assertThat(other.place()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "tacita agent place, version 2\nfederation test, site north\nrounds 1\nend\n",
                "tacita agent place, version 1\nfederation test, site north\nrounds 1\n",
                "tacita agent place, version 1\nfederation test, site north\nrounds -1\nend\n",
                "tacita agent place, version 1\nfederation test, site north\nrounds one\nend\n",
                "tacita agent place, version 1\nfederation test, site north\nrounds 1\nmodel 00 1\nend\n",
                "tacita agent place, version 1\nend\n"
            })
    void aPlaceThatCannotBeReadMeansTheBeginning(String text) throws IOException {
        Files.writeString(folder.resolve("agent.place"), text);
        try (LoggedLines lines = new LoggedLines();
                WorkFolder work = WorkFolder.open(folder, FEDERATION, NORTH)) {
            assertThat(work.place()).isEqualTo(Optional.empty());
            assertThat(lines.containing("WARN")).hasSize(1);
        }
    }

    @Test
    void servesOneAgentAtATime() {
        try (WorkFolder work = WorkFolder.open(folder, FEDERATION, NORTH)) {
            assertThat(work).isNotNull();
            assertThatThrownBy(() -> WorkFolder.open(folder, FEDERATION, NORTH))
                    .isInstanceOf(ProblemsException.class)
                    .hasMessageContaining("another agent works in this folder");
        }
    }

    @Test
    void anAgentThatStartsAgainGoesOnInTheMiddleOfARunAndReadsOnlyWhatItNeeds() throws IOException {
        InMemoryTransport transport = new InMemoryTransport(1);
        try (ScriptedAggregator aggregator = new ScriptedAggregator(transport)) {
            RunId old = aggregator.openRun("old", PLAN);
            aggregator.endRun(old);
            RunId run = aggregator.openRun("heart", PLAN);
            RoundKey first = aggregator.openRound(run, 1, 1, parameters(1), "north");
            try (Participant north =
                    participant("north").transport(transport).workFolder(folder).build()) {
                north.start();
                aggregator.answer(first, "north");
            }
            assertThat(Files.readAllLines(folder.resolve("agent.place"))).contains("rounds 2");
            aggregator.closeRound(first, Tensors.sha256(parameters(1)));
            RoundKey second = aggregator.openRound(run, 2, 1, parameters(2), "north");
            try (Participant north =
                    participant("north").transport(transport).workFolder(folder).build()) {
                north.start();
                aggregator.answer(second, "north");
                RoundKey third = aggregator.openRound(run, 3, 1, parameters(1), "north");
                aggregator.answer(third, "north");
            }
            EgressFile.verify(folder.resolve("egress.jsonl"));
            List<String> egress = Files.readAllLines(folder.resolve("egress.jsonl"));
            assertThat(egress).hasSize(7);
            assertThat(egress.get(1))
                    .contains(
                            "\"kind\":\"contribution\",\"run\":\"heart\",\"round\":1,\"attempt\":1,\"bytes\":",
                            "\"protection\":\"plain\",\"weight\":30}");
        }
    }

    @Test
    void aPlaceBeyondTheLogMeansTheBeginning() throws IOException {
        try (WorkFolder work = WorkFolder.open(folder, FEDERATION, NORTH)) {
            work.save(new AgentPlace(
                    new Position(List.of(1_000_000L)),
                    Map.of(Tensors.sha256(parameters(1)), new Position(List.of(77_777L)))));
        }
        InMemoryTransport transport = new InMemoryTransport(1);
        try (LoggedLines lines = new LoggedLines();
                ScriptedAggregator aggregator = new ScriptedAggregator(transport);
                Participant north = participant("north")
                        .transport(transport)
                        .workFolder(folder)
                        .build()) {
            RunId run = aggregator.openRun("heart", PLAN);
            RoundKey first = aggregator.openRound(run, 1, 1, parameters(1), "north");
            north.start();
            aggregator.answer(first, "north");
            assertThat(lines.containing("it is read from its beginning")).hasSize(1);
        }
    }

    @Test
    void isForItsOwnerOnlyWhereTheFileSystemKnowsOwners() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"), "no POSIX file system");
        Path made = folder.resolve("deep").resolve("work");
        try (WorkFolder work = WorkFolder.open(made, FEDERATION, NORTH);
                EgressFile egress = EgressFile.open(work.egressRecord())) {
            assertThat(egress).isNotNull();
            work.save(new AgentPlace(new Position(List.of(1L)), Map.of()));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
        for (String name : List.of("agent.lock", "agent.place", "egress.jsonl")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
    }
}
