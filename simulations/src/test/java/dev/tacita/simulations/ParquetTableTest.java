package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.ParquetReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that we write, read by Parquet's own classes. */
class ParquetTableTest {
    private static final Hydrator<Map<String, Object>, Map<String, Object>, String[]> ROWS = new Hydrator<>() {
        @Override
        public Map<String, Object> start() {
            return new LinkedHashMap<>();
        }

        @Override
        public Map<String, Object> add(Map<String, Object> row, String[] heading, Object value) {
            if (value != null) {
                row.put(heading[0], value);
            }
            return row;
        }

        @Override
        public Map<String, Object> finish(Map<String, Object> row) {
            return row;
        }
    };

    private static List<Map<String, Object>> read(Path file) throws IOException {
        try (Stream<Map<String, Object>> rows = ParquetReader.streamContent(file.toFile(), ROWS)) {
            return rows.toList();
        }
    }

    private static MessageType schema(Path file) throws IOException {
        return ParquetReader.readMetadata(file.toFile()).getFileMetaData().getSchema();
    }

    @Test
    void tablesOfAStudyHaveTheRowsAndTypesOfTheirCsv(@TempDir Path folder) throws Exception {
        String text = StudyTest.TWELVE_CELLS
                .replaceAll("(?s)data: .*model:", """
                        data:
                          sites:
                            bonn: {schema: schema.yaml, data: a.csv}
                            aachen: {schema: schema.yaml, data: b.csv}
                        model:""")
                .replace("[1, 2, 3]", "[1, -7]")
                .replace("rounds: 30", "rounds: 7");
        Path out = folder.resolve("out");
        StudyTest.run(StudyTest.study(folder, text), out, 2);
        assertThat(ParquetTables.write(out)).hasSize(3);
        for (String name : List.of("results", "sites", "summary")) {
            ResultsTable csv = ResultsTable.read(out, name + ".csv");
            Path file = out.resolve(name + ".parquet");
            assertThat(schema(file).getFields().stream().map(field -> field.getName()))
                    .containsExactlyElementsOf(csv.columns());
            assertThat(read(file)).as(name).isEqualTo(typed(csv)).isNotEmpty();
            byte[] before = Files.readAllBytes(file);
            ParquetTables.write(out);
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
        }
        assertThat(kind(out.resolve("results.parquet"), "seed")).isEqualTo(PrimitiveTypeName.INT64);
        assertThat(kind(out.resolve("results.parquet"), "epsilon")).isEqualTo(PrimitiveTypeName.DOUBLE);
        assertThat(kind(out.resolve("summary.parquet"), "ended")).isEqualTo(PrimitiveTypeName.BINARY);
    }

    private static PrimitiveTypeName kind(Path file, String column) throws IOException {
        return schema(file).getType(column).asPrimitiveType().getPrimitiveTypeName();
    }

    /** By what the cells look like: names in letters, whole numbers, and numbers with a point. */
    private static List<Map<String, Object>> typed(ResultsTable csv) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Map<String, String> row : csv.rows()) {
            Map<String, Object> typed = new HashMap<>();
            row.forEach((column, cell) -> {
                if (cell.matches("-?\\d+")) {
                    typed.put(column, Long.valueOf(cell));
                } else if (cell.matches("-?\\d+\\.\\d+(E-?\\d+)?")) {
                    typed.put(column, Double.valueOf(cell));
                } else if (!cell.isEmpty()) {
                    typed.put(column, cell);
                }
            });
            rows.add(typed);
        }
        return rows;
    }

    @Test
    void longTablesAndTablesWithoutRowsCanBeRead(@TempDir Path folder) throws IOException {
        List<Map<String, String>> rows = IntStream.range(0, 45_003)
                .mapToObj(i -> Map.of(
                        "site",
                        i % 3 == 0 ? "" : "kö-" + i,
                        "round",
                        Integer.toString(i),
                        "test_loss",
                        i % 2 == 0 ? "" : Double.toString(i / 7.0)))
                .toList();
        List<String> columns = List.of("site", "round", "test_loss");
        Path file = folder.resolve("long.parquet");
        Files.write(file, ParquetTable.of(new ResultsTable(columns, rows)));
        assertThat(read(file)).isEqualTo(typed(new ResultsTable(columns, rows)));
        Files.write(file, ParquetTable.of(new ResultsTable(columns, List.of())));
        assertThat(read(file)).isEmpty();
        assertThat(schema(file).getFieldCount()).isEqualTo(3);
    }

    @Test
    void everyColumnHasAType() {
        Stream.of(CellRun.ROUND_COLUMNS, CellRun.SITE_COLUMNS)
                .flatMap(columns -> Stream.of(columns.split(",")))
                .forEach(column -> assertThat(ParquetTable.type(column) == org.apache.parquet.format.Type.DOUBLE)
                        .as(column)
                        .isEqualTo(column.matches(".*(loss|accuracy|seconds|success|epsilon|cosine)")));
    }
}
