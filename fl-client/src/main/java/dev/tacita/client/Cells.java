package dev.tacita.client;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** What the text of a cell means. */
final class Cells {
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(?:[0-9]{1,40}(?:\\.[0-9]{0,40})?|\\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?");
    private static final int SHOWN = 40;

    private Cells() {}

    /** The number, or NaN if the cell is none that fits a float. */
    static double number(String cell) {
        if (!NUMBER.matcher(cell).matches()) {
            return Double.NaN;
        }
        double value = Double.parseDouble(cell);
        return Math.abs(value) <= Float.MAX_VALUE ? value : Double.NaN;
    }

    /** Equal for two ways to write one number: {@code 1}, {@code 1.0}. */
    static String canonical(String cell) {
        String text = cell.trim();
        return NUMBER.matcher(text).matches() && !Double.isNaN(number(text))
                ? new BigDecimal(text).stripTrailingZeros().toPlainString()
                : text;
    }

    /** For a message: short, in one line. */
    static String shown(String cell) {
        String head = cell.length() > SHOWN ? cell.substring(0, SHOWN) + "..." : cell;
        return "'" + head.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}]", "?") + "'";
    }
}
