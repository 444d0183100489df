package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks, faults and the clock in a study's file. */
class TraitStudyTest {
    private static final String STUDY = """
            name: troubled
            data: {schema: schema.yaml}
            populations:
              clean: {sites: 5, partition: iid}
              hostile:
                sites: 5
                partition: iid
                attacks:
                  - attack: {backdoor: {trigger: {columns: {values: {0: 6, 3: 6}}}, target: 1, fraction: 0.5}}
                    number: 1
                  - {attack: {label-flip: {from: 0, to: 1}}, sites: [site-2]}
              slow:
                sites: 5
                partition: iid
                faults:
                  - {fault: {drop-out: {probability: 0.5}}, fraction: 0.4}
                  - {fault: {straggling: {factor: 3}}, number: 1}
                clock: {rows-per-second: 100, compute-spread: 0.2, megabits-per-second: 1, link-spread: 0.2, deadline: 1.5}
            model:
              input: [5]
              layers:
                - dense: {units: 3}
            loss: softmax-cross-entropy
            runs:
              fedavg: {algorithm: {fedavg: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.05}}}}}
            rounds: 6
            measure-every: 3
            seeds: [1, 2]
            """;

    @Test
    void aStudyOfHostileAndSlowSitesSaysWhatBecameOfThem(@TempDir Path folder) throws Exception {
        Study study = StudyTest.study(folder, STUDY);
        List<CellResult> results = StudyTest.run(study, folder.resolve("out"), 2);
        List<String> lines = Files.readAllLines(folder.resolve("out/results.csv"));
        List<String> columns = List.of(lines.get(0).split(","));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            boolean measured = Integer.parseInt(cells[columns.indexOf("round")]) % 3 == 0;
            assertThat(cells).hasSameSizeAs(columns);
            assertThat(cells[columns.indexOf("backdoor_rows")])
                    .isEqualTo(measured && line.startsWith("hostile") ? "100" : "");
            assertThat(cells[columns.indexOf("virtual_seconds")].isEmpty()).isEqualTo(!line.startsWith("slow"));
        }
        assertThat(results.get(2).last("backdoor_success")).isBetween(.0, 1.0);
        assertThat(results.get(4).last("virtual_seconds")).isBetween(3.0, 9.0);
        String page = Files.readString(folder.resolve("out/report.html"));
        assertThat(page)
                .contains("attack label-flip by 1 site (site-2)")
                .contains("virtual clock, rounds of at most 1.5 s")
                .contains("<th>success of the backdoor</th>")
                .contains("<th>virtual seconds</th>");
        assertThat(Files.readString(folder.resolve("out/figures/time-slow.svg")))
                .contains("by virtual seconds");
        assertThat(folder.resolve("out/figures/time-clean.svg")).doesNotExist();
        assertThat(Arrays.stream(page.split("<h2>")).filter(part -> part.contains("success of the backdoor")))
                .hasSize(1);
        StudyTest.run(study, folder.resolve("again"), 1);
        assertThat(Files.readString(folder.resolve("again/results.csv")))
                .isEqualTo(Files.readString(folder.resolve("out/results.csv")));
    }

    @Test
    void sitesWithDataOfTheirOwnHaveTraitsToo(@TempDir Path folder) throws Exception {
        String text = STUDY.replaceAll("(?s)data: .*model:", """
                data:
                  sites:
                    bonn: {schema: schema.yaml, data: a.csv}
                    aachen: {schema: schema.yaml, data: b.csv}
                populations:
                  honest: {}
                  hostile: {attacks: [{attack: sign-flip, sites: [bonn]}]}
                model:""");
        Study study = StudyTest.study(folder, text);
        assertThat(study.populations()).containsOnlyKeys("honest", "hostile");
        Population hostile = study.simulation(new Cell("hostile", "fedavg", 1)).population();
        assertThat(hostile.attack(0)).isEmpty();
        assertThat(hostile.attack(1)).contains(new Attack.SignFlip(1));
        String wrong =
                text.replace("honest: {}", "honest: {sites: 3, partition: iid}").replace("[bonn]", "[ulm]");
        assertThat(problems(folder, wrong))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("populations.honest.sites: unknown key. Known here: skews, attacks, faults, clock"))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("there is no such site. Provided value: 'ulm'; the sites are aachen to bonn."));
    }

    @Test
    void allThatIsWrongWithTraitsIsSaidAtOnce(@TempDir Path folder) {
        String text = STUDY.replace(
                        "clean: {sites: 5, partition: iid}",
                        "clean: {sites: 5, partition: {dirichlet: {alpha: 0}}}\n"
                                + "  many: {sites: 200, partition: {shards: {per-site: 2}}}")
                .replace("name: troubled", "name: troubled\ncolour: green")
                .replace("fraction: 0.5}}", "fraction: 1.5}}")
                .replace("number: 1\n", "number: 9\n")
                .replace("{from: 0, to: 1}", "{from: 0}")
                .replace("probability: 0.5", "probability: 0")
                .replace("rows-per-second: 100, ", "")
                .replace("factor: 3", "faktor: 3")
                .replace("sites: [site-2]", "sites: [site-2], number: 2");
        assertThat(problems(folder, text))
                .extracting(problem -> problem.replaceAll("^study.yaml:[0-9:]* ", ""))
                .containsExactly(
                        "colour: unknown key. Known here: name, seeds, data, populations, model, loss, rounds,"
                                + " cohort-fraction, runs, measure-every, stop-at-accuracy, encoding-limit, published.",
                        "populations.clean.partition.dirichlet.alpha: must be a number > 0. Provided value: '0'.",
                        "populations.many: 400 shards needs at least 400 rows. Provided value: 300.",
                        "populations.hostile.attacks[1].attack.backdoor.fraction: must be a number > 0 and <= 1."
                                + " Provided value: '1.5'.",
                        "populations.hostile.attacks[2]: exactly one of number, fraction and sites must say which"
                                + " sites. Provided: 2 of them.",
                        "populations.hostile.attacks[2].attack.label-flip: from and to go together. Provided: one of"
                                + " them.",
                        "populations.slow.faults[1].fault.drop-out.probability: must be a number > 0 and <= 1."
                                + " Provided value: '0'.",
                        "populations.slow.faults[2].fault.straggling.factor: a value is required; there is no default.",
                        "populations.slow.faults[2].fault.straggling.faktor: unknown key. Did you mean 'factor'?",
                        "populations.slow.clock.rows-per-second: a value is required; there is no default.");
        assertThat(problems(folder, STUDY.replace("number: 1\n", "number: 9\n")))
                .containsExactly(
                        "study.yaml:6:5 populations.hostile: so many sites are not left to choose from: 9. Sites: 5,"
                                + " left: 4.");
        assertThat(problems(folder, STUDY.replaceAll("(?m)^ +clock.*\n", "")))
                .containsExactly("study.yaml:13:5 populations.slow: straggling needs a clock on which sites are slow."
                        + " Provided value: no clock.");
        assertThat(problems(folder, STUDY.replace("target: 1", "target: 3")))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("hostile, fedavg: backdoor: a class must be below the number of classes, 3"));
    }

    @Test
    void theRowsThatTheAggregatorTrustsMustBeNamed(@TempDir Path folder) throws Exception {
        String trusting =
                STUDY.replace("  fedavg: {algorithm", "  trust: {aggregation: {fltrust: {root: %s}}, algorithm");
        Study study = StudyTest.study(folder, trusting.formatted("{schema: schema.yaml, data: root.csv}"));
        assertThat(study.run(new Cell("clean", "trust", 1))
                        .rule()
                        .rootRows()
                        .orElseThrow()
                        .size())
                .isEqualTo(40);
        List<CellResult> results = StudyTest.run(study, folder.resolve("out"), 2);
        assertThat(results.get(0).last()).isGreaterThan(.6);
        assertThat(problems(folder, trusting.formatted("{validation-rows: 10}")))
                .containsExactly("study.yaml:25:41 runs.trust.aggregation.fltrust.root: validation-rows must be at most"
                        + " the validation rows that the schema keeps, 0. Provided value: 10.");
        assertThat(problems(folder, STUDY.replace("fedavg: {algo", "fedavg: {aggregation: fltrust, algo")))
                .anySatisfy(problem -> assertThat(problem).contains("root: a value is required; there is no default."));
    }

    private static List<String> problems(Path folder, String text) {
        var exception = catchThrowableOfType(ProblemsException.class, () -> StudyTest.study(folder, text));
        assertThat(exception).as("it must be refused").isNotNull();
        return exception.problems().stream()
                .map(Problem::toString)
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }
}
