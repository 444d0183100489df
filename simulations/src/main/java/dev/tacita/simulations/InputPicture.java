package dev.tacita.simulations;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.model.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;

/** What the inputs of sites look like: the first image of each; or of a table each input's mean and deviation. */
final class InputPicture {
    private static final int MOST_SITES = 40;
    private static final int MOST_INPUTS = 64;
    private static final int MOST_ROWS = 500;
    private static final int WIDTH = 720;
    private static final int TILE = 64;
    private static final int LEFT = 110;

    private InputPicture() {}

    /** As SVG. */
    static String of(Population population) {
        return population.train(0).inputShape().rank() == 3 ? images(population) : tables(population);
    }

    private static String images(Population population) {
        int sites = Math.min(MOST_SITES, population.size());
        int across = WIDTH / (TILE + 8);
        int height = (sites + across - 1) / across * (TILE + 24) + 8;
        StringBuilder svg = open("the first image of each site", height);
        for (int site = 0; site < sites; site++) {
            int x = 4 + site % across * (TILE + 8);
            int y = 4 + site / across * (TILE + 24);
            svg.append("<image x=\"")
                    .append(x)
                    .append("\" y=\"")
                    .append(y)
                    .append("\" width=\"")
                    .append(TILE);
            svg.append("\" height=\"").append(TILE).append("\" style=\"image-rendering:pixelated\" href=\"");
            svg.append("data:image/png;base64,")
                    .append(png(population.train(site)))
                    .append("\"/>\n");
            svg.append(text(
                    x + TILE / 2.0,
                    y + TILE + 13,
                    "middle",
                    population.site(site).value()));
        }
        return svg.append("</svg>\n").toString();
    }

    /** The first channel, from its least to its largest value. */
    private static String png(Examples rows) {
        Shape shape = rows.inputShape();
        float[] values = new float[shape.size()];
        rows.copyInput(0, values, 0);
        int height = shape.dimension(1);
        int width = shape.dimension(2);
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < height * width; i++) {
            least = Math.min(least, values[i]);
            most = Math.max(most, values[i]);
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < height * width; i++) {
            int grey = most > least ? Math.round(255 * (values[i] - least) / (most - least)) : 0;
            image.setRGB(i % width, i / width, grey * 0x010101);
        }
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", bytes);
            return Base64.getEncoder().encodeToString(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("an image could not be written to memory", e);
        }
    }

    private static String tables(Population population) {
        int sites = Math.min(MOST_SITES, population.size());
        int inputs = Math.min(MOST_INPUTS, population.train(0).inputShape().size());
        double[][] means = new double[sites][];
        double[][] deviations = new double[sites][];
        for (int site = 0; site < sites; site++) {
            moments(population.train(site), inputs, site, means, deviations);
        }
        double row = 14;
        StringBuilder svg = open("mean and deviation of each input at each site", (int) (2 * (sites * row + 40)));
        heat(svg, population, means, 0, row, "mean");
        heat(svg, population, deviations, sites * row + 40, row, "deviation");
        return svg.append("</svg>\n").toString();
    }

    private static void moments(Examples rows, int inputs, int site, double[][] means, double[][] deviations) {
        float[] values = new float[rows.inputShape().size()];
        double[] sums = new double[inputs];
        double[] squares = new double[inputs];
        int count = Math.min(MOST_ROWS, rows.size());
        for (int i = 0; i < count; i++) {
            rows.copyInput(i, values, 0);
            for (int j = 0; j < inputs; j++) {
                sums[j] += values[j];
                squares[j] += (double) values[j] * values[j];
            }
        }
        for (int j = 0; j < inputs; j++) {
            sums[j] /= count;
            squares[j] = Math.sqrt(Math.max(0, squares[j] / count - sums[j] * sums[j]));
        }
        means[site] = sums;
        deviations[site] = squares;
    }

    /** Sites from top to bottom, inputs from left to right; white is 0, blue is more, red is less. */
    private static void heat(
            StringBuilder svg, Population population, double[][] values, double top, double row, String title) {
        double most = 1e-9;
        for (double[] site : values) {
            for (double value : site) {
                most = Math.max(most, Math.abs(value));
            }
        }
        svg.append(text(
                LEFT,
                top + 14,
                "start",
                title + " of each input; darkest: " + String.format(Locale.ROOT, "%.2f", most)));
        for (int site = 0; site < values.length; site++) {
            double y = top + 22 + site * row;
            svg.append(text(LEFT - 6, y + 11, "end", population.site(site).value()));
            double step = (double) (WIDTH - LEFT - 10) / values[site].length;
            for (int j = 0; j < values[site].length; j++) {
                int pale = (int) Math.round(255 * (1 - Math.abs(values[site][j]) / most));
                String colour = values[site][j] < 0
                        ? String.format(Locale.ROOT, "#ff%02x%02x", pale, pale)
                        : String.format(Locale.ROOT, "#%02x%02xff", pale, pale);
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" fill=\"%s\"/>%n",
                        LEFT + j * step,
                        y,
                        step,
                        row - 1,
                        colour));
            }
        }
    }

    private static StringBuilder open(String title, int height) {
        return new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + height
                + "\" font-family=\"sans-serif\" font-size=\"11\" role=\"img\">\n<title>" + title + "</title>\n");
    }

    private static String text(double x, double y, String anchor, String text) {
        return String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text);
    }
}
