package dev.tacita.client;

import dev.tacita.core.model.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes one PNG file; its size is checked before its cells are. */
final class PngImage {
    private PngImage() {}

    /** Writes the cells in the order of the shape; the result is what is wrong with the file, if anything is. */
    static Optional<String> read(Path file, Shape shape, byte[] to, int offset) {
        String name = "image '" + file.getFileName() + "'";
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
        ImageReader reader = readers.next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(Files.newInputStream(file))) {
            reader.setInput(in, true, true);
            int height = reader.getHeight(0);
            int width = reader.getWidth(0);
            if (height != shape.dimension(1) || width != shape.dimension(2)) {
                return Optional.of(name + " must be " + shape.dimension(1) + " high and " + shape.dimension(2)
                        + " wide. Provided value: " + height + " x " + width + ".");
            }
            return copy(name, reader.read(0), shape, to, offset);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.of(name + " is not a readable PNG file.");
        } finally {
            reader.dispose();
        }
    }

    private static Optional<String> copy(String name, BufferedImage image, Shape shape, byte[] to, int offset) {
        int area = image.getWidth() * image.getHeight();
        boolean grey = image.getColorModel().getNumColorComponents() == 1;
        if (grey && image.getSampleModel().getSampleSize(0) == 8 && shape.dimension(0) == 1) {
            Raster raster = image.getRaster();
            for (int i = 0; i < area; i++) {
                to[offset + i] = (byte) raster.getSample(i % image.getWidth(), i / image.getWidth(), 0);
            }
            return Optional.empty();
        }
        if (grey != (shape.dimension(0) == 1)) {
            return Optional.of(name + " must be " + (grey ? "in colour" : "grey, 8 bits") + ".");
        }
        if (grey) {
            return Optional.of(name + " must have 8 bits a cell.");
        }
        int[] colours = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int i = 0; i < area; i++) {
            to[offset + i] = (byte) (colours[i] >> 16);
            to[offset + area + i] = (byte) (colours[i] >> 8);
            to[offset + 2 * area + i] = (byte) colours[i];
        }
        return Optional.empty();
    }
}
