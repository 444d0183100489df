package dev.tacita.client;

import static java.lang.Float.NaN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.model.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvDatasetTest {
    private static final String SCHEMA = """
            name: clinic
            kind: csv
            data: rows.csv
            missing: drop-row
            columns:
              age: numeric
              blood: {categorical: {values: [A, B, '0'], missing: mode}}
              dose: {numeric: {missing: mean}}
              remark: ignored
            target:
              column: outcome
              classes: {well: [0], ill: '> 0'}
            standardise: none
            split: {train: 1, validation: 0, test: 0, seed: 1, stratify: true}
            """;

    private final Path folder;

    CsvDatasetTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void rowsBecomeInputsAndClassesInTheOrderOfTheSchema() throws IOException {
        SiteDataset data = read(SCHEMA, "outcome,remark,dose,blood,age\n0,x,1.5,A,40\n2.0,,2,0.0,50\n");
        assertThat(data.name()).isEqualTo("clinic");
        assertThat(data.inputShape()).isEqualTo(Shape.of(5));
        assertThat(data.features()).containsExactly("age", "blood=A", "blood=B", "blood=0", "dose");
        assertThat(Datasets.input(data.train(), 0)).containsExactly(40, 1, 0, 0, 1.5f);
        assertThat(Datasets.input(data.train(), 1)).containsExactly(50, 0, 0, 1, 2);
        assertThat(data.classNames()).containsExactly("well", "ill");
        assertThat(data.classCounts(data.train())).containsExactly(1, 1);
        assertThat(data.warnings()).isEmpty();
    }

    @Test
    void aColumnSaysWhichSiteARowIsOfAndEachSiteStandsAlone() throws IOException {
        Files.writeString(
                folder.resolve("rows.csv"),
                "age,blood,dose,remark,outcome,ward\n40,A,10,,0,North\n50,B,NA,,1,South\n60,A,30,,1,South\n,A,3,,1,East\n");
        Path schema = Files.writeString(folder.resolve("schema.yaml"), SCHEMA);
        var sites = ((CsvSchema) DatasetReader.schema(schema)).loadBySite(folder.resolve("rows.csv"), "ward");
        assertThat(sites.keySet()).containsExactly("North", "South");
        SiteDataset south = Optional.ofNullable(sites.get("South")).orElseThrow();
        assertThat(south.train().size()).isEqualTo(2);
        assertThat(Datasets.input(south.train(), 0))
                .as("filled by its own rows")
                .containsExactly(50, 0, 1, 0, 30);
        assertThat(Datasets.problems(
                        folder,
                        () -> ((CsvSchema) DatasetReader.schema(schema))
                                .loadBySite(folder.resolve("rows.csv"), "hospital")))
                .contains("rows.csv line 1: column 'hospital' of the schema is not in the file.");
    }

    @Test
    void aMissingCellIsKeptForStudiesAndNotOfferedByAgents() throws IOException {
        String keep = SCHEMA.replace("missing: drop-row", "missing: keep")
                .replace("missing: mode", "missing: keep")
                .replace("standardise: none", "standardise: all");
        SiteDataset data = read(keep, "age,blood,dose,remark,outcome\n2,?,NA,,0\n,A,30,,1\n4,B,10,,1\n");
        assertThat(Datasets.input(data.train(), 0)).containsExactly(-1, NaN, NaN, NaN, 0);
        float root = (float) Math.sqrt(1.5);
        assertThat(Datasets.input(data.train(), 1)).containsExactly(NaN, 1, -1, 0, root);
        assertThat(data.notes())
                .containsExactly(
                        "3 of 3 rows kept; 0 lack a cell.",
                        "column 'age': 1 missing cells kept.",
                        "column 'blood': 1 missing cells kept.",
                        "column 'dose': 1 missing cells filled in.");
        assertThat(Datasets.problems(
                        folder,
                        () -> SiteData.read(
                                new SiteConfig.DataSource(folder.resolve("schema.yaml"), Optional.empty()))))
                .containsExactly(
                        "schema.yaml: 'missing: keep' gives rows that no algorithm which runs live can train on."
                                + " Use drop-row, mean or mode; simulations can have keep.");
    }

    @Test
    void aMissingCellDropsItsRowOrIsFilledIn() throws IOException {
        SiteDataset data =
                read(SCHEMA, "age,blood,dose,remark,outcome\n1,B,10,,0\n2,?,NA,,0\n,A,30,,1\n3,B,20,,1\n4,A,20,,\n");
        assertThat(data.train().size()).isEqualTo(3);
        assertThat(Datasets.input(data.train(), 1)).containsExactly(2, 0, 1, 0, 15);
        assertThat(data.notes())
                .containsExactly(
                        "3 of 5 rows kept; 2 lack a cell.",
                        "column 'blood': 1 missing cells filled in.",
                        "column 'dose': 1 missing cells filled in.");
    }

    @Test
    void whatFillsAndScalesIsLearntFromTheTrainingRowsAlone() throws IOException {
        StringBuilder rows = new StringBuilder("age,blood,dose,remark,outcome\n");
        for (int i = 0; i < 40; i++) {
            rows.append(i)
                    .append(",A,")
                    .append(i % 4 == 0 ? "" : String.valueOf(i))
                    .append(",,")
                    .append(i % 2)
                    .append('\n');
        }
        String schema = SCHEMA.replace("standardise: none", "standardise: numeric")
                .replace("train: 1, validation: 0, test: 0", "train: 0.5, validation: 0.25, test: 0.25");
        SiteDataset data = read(schema, rows.toString());
        assertThat(List.of(
                        data.train().size(),
                        data.validation().size(),
                        data.test().size()))
                .containsExactly(20, 10, 10);
        for (int input : new int[] {0, 4}) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < data.train().size(); i++) {
                float value = Datasets.input(data.train(), i)[input];
                sum += value;
                squares += value * value;
            }
            assertThat(sum / 20).isCloseTo(0, within(1e-6));
            assertThat(squares / 20).isCloseTo(1, within(1e-6));
        }
        StringBuilder changed = new StringBuilder(rows.toString());
        float[] before = Datasets.input(data.train(), 0);
        float testAge = Datasets.input(data.test(), 0)[0];
        int testRow = rowOfAge(data, testAge);
        String line = "\n" + testRow + ",A,";
        changed.insert(changed.indexOf(line) + line.length(), "9");
        assertThat(Datasets.input(read(schema, changed.toString()).train(), 0)).isEqualTo(before);
    }

    /** The age before scaling: ages are 0 to 39, and the scale is linear. */
    private static int rowOfAge(SiteDataset data, float scaled) {
        float lowest = Float.MAX_VALUE;
        float highest = -Float.MAX_VALUE;
        for (var part : List.of(data.train(), data.validation(), data.test())) {
            for (int i = 0; i < part.size(); i++) {
                lowest = Math.min(lowest, Datasets.input(part, i)[0]);
                highest = Math.max(highest, Datasets.input(part, i)[0]);
            }
        }
        return Math.round((scaled - lowest) / (highest - lowest) * 39);
    }

    @Test
    void anInputThatNeverVariesIsOnlyCentred() throws IOException {
        SiteDataset data = read(
                SCHEMA.replace("standardise: none", "standardise: all"),
                "age,blood,dose,remark,outcome\n7,A,1,,0\n7,B,2,,1\n");
        assertThat(Datasets.input(data.train(), 0)).containsExactly(0, 1, -1, 0, -1);
    }

    @Test
    void oneClassInTrainingIsAWarning() throws IOException {
        assertThat(read(SCHEMA, "age,blood,dose,remark,outcome\n7,A,1,,0\n").warnings())
                .containsExactly("no training example is of class 'ill'.");
    }

    @Test
    void everyCellThatDoesNotFitIsNamedWithItsLineAndColumn() throws IOException {
        String rows =
                "age,blood,dose,remark,outcome\nforty,A,1,secret,0\n41,C,1,secret,0\n42,A,1e99,secret,-1\n43,A,1,secret\n";
        assertThat(problems(SCHEMA, rows))
                .containsExactly(
                        "rows.csv line 2 column 'age': must be a number. Provided value: 'forty'.",
                        "rows.csv line 3 column 'blood': must be one of A, B, 0. Provided value: 'C'.",
                        "rows.csv line 4 column 'dose': must be a number. Provided value: '1e99'.",
                        "rows.csv line 4 column 'outcome': must belong to one of the classes well, ill. Provided value: '-1'.",
                        "rows.csv line 5: the row has 4 cells; the first line has 5.");
    }

    @Test
    void columnsOfTheFileAndTheSchemaMustAgree() throws IOException {
        assertThat(problems(SCHEMA, "age,blood,remark,outcome,postcode\n40,A,,0,1\n"))
                .containsExactly(
                        "rows.csv line 1: column 'dose' of the schema is not in the file.",
                        "rows.csv line 1: column 'postcode' of the file is not in the schema. List it as ignored if it is"
                                + " not to be used.");
    }

    @Test
    void afterTwentyProblemsTheRestIsCounted() throws IOException {
        List<String> problems = problems(SCHEMA, "age,blood,dose,remark,outcome\n" + "old,A,1,,0\n".repeat(500));
        assertThat(problems)
                .hasSize(21)
                .endsWith(folder.resolve("rows.csv").getFileName() + ": and 480 more problems.");
    }

    @Test
    void aFileWithoutUsableRowsIsRefusedWithTheReason() throws IOException {
        assertThat(problems(SCHEMA, "")).containsExactly("rows.csv: the file is empty.");
        assertThat(problems(SCHEMA, "age,blood,dose,remark,outcome\n"))
                .containsExactly("rows.csv: the file has no row.");
        assertThat(problems(SCHEMA, "age,blood,dose,remark,outcome\n,A,1,,0\n"))
                .containsExactly("rows.csv: no row is left of 1. Each of them lacks a cell that must be there.");
        assertThat(problems(SCHEMA, "age,age\n1,2\n"))
                .containsExactly("rows.csv: the first line must name each column once.");
        assertThat(problems(SCHEMA, "age,blood,dose,remark,outcome\n\"1,A,1,,0\n"))
                .containsExactly("rows.csv: the file is not CSV: a quote is not closed or stands in the wrong place.");
        Files.write(
                folder.resolve("rows.csv"),
                "age,blood,dose,remark,outcome\n1,\u00e4,1,,0\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Datasets.problems(folder, () -> DatasetReader.read(folder.resolve("schema.yaml"))))
                .containsExactly("rows.csv: the file must be UTF-8 text.");
        Files.delete(folder.resolve("rows.csv"));
        assertThat(Datasets.problems(folder, () -> DatasetReader.read(folder.resolve("schema.yaml"))))
                .containsExactly("rows.csv: there is no such file.");
    }

    @Test
    void aByteOrderMarkAndQuotedCellsAreRead() throws IOException {
        SiteDataset data = read(SCHEMA, "\uFEFFage,blood,dose,remark,outcome\r\n\"40\",\"A\",1,\"a, \"\"b\"\"\",0\r\n");
        assertThat(Datasets.input(data.train(), 0)).containsExactly(40, 1, 0, 0, 1);
    }

    @Test
    void allProblemsOfASchemaComeAtOnce() throws IOException {
        String schema = SCHEMA.replace("age: numeric", "age: numerical")
                .replace("missing: drop-row", "missing: drop")
                .replace("'> 0'", "above")
                .replace("stratify: true", "stratified: true");
        assertThat(problems(schema, "age\n1\n"))
                .containsExactly(
                        "schema.yaml:4:10 missing: must be one of drop-row, mean, mode, keep. Provided value: 'drop'.",
                        "schema.yaml:6:8 columns.age: must be one of numeric, categorical, ignored. Provided value:"
                                + " 'numerical'. Did you mean 'numeric'?",
                        "schema.yaml:12:29 target.classes.ill: must be a list of values or a rule such as '> 0'. Provided"
                                + " value: 'above'.",
                        "schema.yaml:14:8 split.stratify: a value is required; there is no default.",
                        "schema.yaml:14:52 split.stratified: unknown key. Did you mean 'stratify'?");
    }

    @Test
    void aSchemaOfUnknownKindIsRefusedOnce() throws IOException {
        assertThat(problems("kind: cvs\nname: a\n", ""))
                .containsExactly(
                        "schema.yaml:1:7 kind: must be one of csv, idx, cifar-10, png. Provided value: 'cvs'. Did you mean 'csv'?");
    }

    private SiteDataset read(String schema, String rows) throws IOException {
        Files.writeString(folder.resolve("rows.csv"), rows);
        return DatasetReader.read(Files.writeString(folder.resolve("schema.yaml"), schema));
    }

    private List<String> problems(String schema, String rows) {
        return Datasets.problems(folder, () -> read(schema, rows));
    }
}
