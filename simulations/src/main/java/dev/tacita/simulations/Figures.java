package dev.tacita.simulations;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Figures of a study as SVG, each whole in itself. */
final class Figures {
    private static final List<String> COLOURS = List.of(
            "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb", "#000000", "#994f00",
            "#006cd1");
    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int RIGHT = 180;
    private static final int TOP = 20;
    private static final int BOTTOM = 45;
    private static final int GRID_LINES = 5;

    private Figures() {}

    /**
     * Means as lines, from the least to the largest over seeds as bands.
     *
     * @param at by what: {@code round}, or a time
     * @param axis what is drawn
     */
    static String curves(List<Curve> curves, String at, Axis axis) {
        double end = points(curves).mapToDouble(Curve.Point::at).max().orElse(1);
        Axis.Range range = axis.over(
                points(curves).mapToDouble(Curve.Point::least).min().orElse(0),
                points(curves).mapToDouble(Curve.Point::most).max().orElse(1));
        StringBuilder svg = open(axis.title() + " by " + at);
        for (double value : range.lines()) {
            double y = y(value, range);
            svg.append(line(LEFT, y, WIDTH - RIGHT, y, "#dddddd"));
            svg.append(text(LEFT - 8, y + 4, "end", number(value)));
        }
        for (int i = 0; i <= GRID_LINES; i++) {
            double place = end < 10 && !at.equals("round") ? end * i / GRID_LINES : Math.rint(end * i / GRID_LINES);
            svg.append(text(
                    x(place, end),
                    HEIGHT - BOTTOM + 18,
                    "middle",
                    place == Math.rint(place) ? Long.toString((long) place) : number(place)));
        }
        svg.append(text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", at));
        svg.append(text(4, TOP - 7, "start", axis.title()));
        for (int i = 0; i < curves.size(); i++) {
            append(svg, curves.get(i), COLOURS.get(i % COLOURS.size()), end, range);
            legend(svg, i, curves.get(i).name());
        }
        return svg.append("</svg>\n").toString();
    }

    private static Stream<Curve.Point> points(List<Curve> curves) {
        return curves.stream().flatMap(curve -> curve.points().stream());
    }

    private static void append(StringBuilder svg, Curve curve, String colour, double end, Axis.Range range) {
        if (curve.points().isEmpty()) {
            return;
        }
        String most = curve.points().stream()
                .map(point -> at(point.at(), point.most(), end, range))
                .collect(Collectors.joining(" "));
        StringBuilder band = new StringBuilder(most);
        for (int i = curve.points().size() - 1; i >= 0; i--) {
            Curve.Point point = curve.points().get(i);
            band.append(' ').append(at(point.at(), point.least(), end, range));
        }
        String middle = curve.points().stream()
                .map(point -> at(point.at(), point.mean(), end, range))
                .collect(Collectors.joining(" "));
        svg.append("<polygon points=\"")
                .append(band)
                .append("\" fill=\"")
                .append(colour)
                .append("\" opacity=\"0.15\"/>\n");
        svg.append("<polyline points=\"")
                .append(middle)
                .append("\" fill=\"none\" stroke=\"")
                .append(colour);
        svg.append("\" stroke-width=\"1.8\"/>\n");
    }

    /** A bar for each site, as high as it has rows, with its classes above each other. */
    static String labels(List<int[]> sites) {
        int most = sites.stream().mapToInt(Figures::sum).max().orElse(1);
        int classes = sites.isEmpty() ? 0 : sites.get(0).length;
        StringBuilder svg = open("rows of each site by class");
        double step = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, sites.size());
        for (int site = 0; site < sites.size(); site++) {
            double bottom = HEIGHT - BOTTOM;
            for (int each = 0; each < classes; each++) {
                double height = (double) (HEIGHT - TOP - BOTTOM) * sites.get(site)[each] / most;
                bottom -= height;
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"/>%n",
                        LEFT + site * step,
                        bottom,
                        0.85 * step,
                        height,
                        COLOURS.get(each % COLOURS.size())));
            }
        }
        svg.append(text(LEFT - 8, TOP + 4, "end", Integer.toString(most)));
        svg.append(text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", "sites"));
        for (int each = 0; each < Math.min(classes, COLOURS.size()); each++) {
            legend(svg, each, "class " + each);
        }
        return svg.append("</svg>\n").toString();
    }

    private static int sum(int[] values) {
        int sum = 0;
        for (int value : values) {
            sum += value;
        }
        return sum;
    }

    private static StringBuilder open(String title) {
        return new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT
                + "\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n<title>" + title + "</title>\n");
    }

    private static void legend(StringBuilder svg, int index, String name) {
        int y = TOP + 10 + 18 * index;
        svg.append("<rect x=\"")
                .append(WIDTH - RIGHT + 14)
                .append("\" y=\"")
                .append(y - 9)
                .append("\" width=\"12\"");
        svg.append(" height=\"12\" fill=\"")
                .append(COLOURS.get(index % COLOURS.size()))
                .append("\"/>\n");
        svg.append(text(WIDTH - RIGHT + 32, y + 1, "start", name));
    }

    private static String line(double x1, double y1, double x2, double y2, String colour) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour);
    }

    private static String text(double x, double y, String anchor, String text) {
        return String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text);
    }

    private static String at(double place, double value, double end, Axis.Range range) {
        return String.format(Locale.ROOT, "%.1f,%.1f", x(place, end), y(value, range));
    }

    private static double x(double place, double end) {
        return LEFT + (WIDTH - LEFT - RIGHT) * place / end;
    }

    private static double y(double value, Axis.Range range) {
        return HEIGHT - BOTTOM - range.share(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%.0f", value);
    }
}
