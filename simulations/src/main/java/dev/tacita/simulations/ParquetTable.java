package dev.tacita.simulations;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/**
 * A table of a study as a Parquet file: one row group, columns with types, an empty cell as null, neither compressed nor in
 * dictionaries, so that the same table gives the same bytes. Numbers of a whole kind are INT64, others DOUBLE, names UTF-8.
 */
final class ParquetTable {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int ROWS_OF_A_PAGE = 20_000;
    private static final Set<String> TEXT = Set.of("population", "run", "site", "ended", "model");
    private static final Set<String> WHOLE = Set.of(
            "seed",
            "round",
            "asked",
            "contributions",
            "test_rows",
            "dropped_out",
            "late",
            "backdoor_rows",
            "site_upload_bytes",
            "site_download_bytes",
            "round_of_target");

    private final ResultsTable table;
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private ParquetTable(ResultsTable table) {
        this.table = table;
    }

    /** The file's bytes. */
    static byte[] of(ResultsTable table) throws IOException {
        return new ParquetTable(table).bytes();
    }

    static Type type(String column) {
        if (TEXT.contains(column)) {
            return Type.BYTE_ARRAY;
        }
        return WHOLE.contains(column) ? Type.INT64 : Type.DOUBLE;
    }

    private byte[] bytes() throws IOException {
        file.write(MAGIC);
        List<SchemaElement> schema = new ArrayList<>();
        SchemaElement root = new SchemaElement("table");
        root.setNum_children(table.columns().size());
        schema.add(root);
        List<ColumnChunk> chunks = new ArrayList<>();
        long size = 0;
        for (String column : table.columns()) {
            schema.add(element(column));
            ColumnChunk chunk = chunk(column);
            chunks.add(chunk);
            size += chunk.getMeta_data().getTotal_uncompressed_size();
        }
        int rows = table.rows().size();
        List<RowGroup> groups = rows == 0 ? List.of() : List.of(new RowGroup(chunks, size, rows));
        FileMetaData footer = new FileMetaData(1, schema, rows, groups);
        footer.setCreated_by("tacita");
        int start = file.size();
        Util.writeFileMetaData(footer, file);
        file.write(littleEndian(Integer.BYTES).putInt(file.size() - start).array());
        file.write(MAGIC);
        return file.toByteArray();
    }

    private static SchemaElement element(String column) {
        SchemaElement element = new SchemaElement(column);
        element.setType(type(column));
        element.setRepetition_type(FieldRepetitionType.OPTIONAL);
        if (type(column) == Type.BYTE_ARRAY) {
            element.setConverted_type(ConvertedType.UTF8);
            element.setLogicalType(LogicalType.STRING(new StringType()));
        }
        return element;
    }

    private ColumnChunk chunk(String column) throws IOException {
        int start = file.size();
        List<String> cells =
                table.rows().stream().map(row -> row.getOrDefault(column, "")).toList();
        for (int from = 0; from < cells.size(); from += ROWS_OF_A_PAGE) {
            writePage(type(column), cells.subList(from, Math.min(cells.size(), from + ROWS_OF_A_PAGE)));
        }
        int size = file.size() - start;
        ColumnMetaData metadata = new ColumnMetaData(
                type(column),
                List.of(Encoding.RLE, Encoding.PLAIN),
                List.of(column),
                CompressionCodec.UNCOMPRESSED,
                cells.size(),
                size,
                size,
                start);
        ColumnChunk chunk = new ColumnChunk(start);
        chunk.setMeta_data(metadata);
        return chunk;
    }

    private void writePage(Type type, List<String> cells) throws IOException {
        byte[] present = present(cells);
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        for (String cell : cells) {
            if (!cell.isEmpty()) {
                values.write(plain(type, cell));
            }
        }
        int size = Integer.BYTES + present.length + values.size();
        PageHeader header = new PageHeader(PageType.DATA_PAGE, size, size);
        header.setData_page_header(new DataPageHeader(cells.size(), Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
        Util.writePageHeader(header, file);
        file.write(littleEndian(Integer.BYTES).putInt(present.length).array());
        file.write(present);
        values.writeTo(file);
    }

    /** One run of bits, the first in the lowest place: whether a cell is there. */
    private static byte[] present(List<String> cells) {
        int groups = (cells.size() + 7) / 8;
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        int head = (groups << 1) | 1;
        for (; head > 0x7f; head >>>= 7) {
            run.write((head & 0x7f) | 0x80);
        }
        run.write(head);
        byte[] bits = new byte[groups];
        for (int i = 0; i < cells.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                bits[i / 8] |= (byte) (1 << (i % 8));
            }
        }
        run.writeBytes(bits);
        return run.toByteArray();
    }

    private static byte[] plain(Type type, String cell) {
        if (type == Type.INT64) {
            return littleEndian(Long.BYTES).putLong(Long.parseLong(cell)).array();
        } else if (type == Type.DOUBLE) {
            return littleEndian(Double.BYTES)
                    .putDouble(Double.parseDouble(cell))
                    .array();
        }
        byte[] text = cell.getBytes(StandardCharsets.UTF_8);
        return littleEndian(Integer.BYTES + text.length)
                .putInt(text.length)
                .put(text)
                .array();
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
