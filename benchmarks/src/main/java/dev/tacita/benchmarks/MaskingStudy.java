package dev.tacita.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@link MaskingSpeed} in alternating pairs, for machines that are not quiet: all masks of a site, then the cipher alone over
 * the bytes of the neighbours' masks, by processor time. What is printed are medians, and the median of the pairs' ratios.
 */
@Command(name = "masking", mixinStandardHelpOptions = true)
public final class MaskingStudy implements Callable<Integer> {
    private static final int[] NEIGHBOURS = {10, 30};
    private static final int[] MODULI = {32, 64};

    @Option(names = "--pairs", defaultValue = "41", description = "of each setting; default ${DEFAULT-VALUE}")
    private int pairs = 41;

    @Option(names = "--warm-up", defaultValue = "20", description = "pairs before that; default ${DEFAULT-VALUE}")
    private int warmUp = 20;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long sink;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new MaskingStudy()).execute(arguments));
    }

    @Override
    public Integer call() throws GeneralSecurityException {
        System.out.println("| modulus | neighbours | masks, ms | cipher, ms | cipher, GB/s | ratio | quartiles |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (int modulus : MODULI) {
            for (int neighbours : NEIGHBOURS) {
                System.out.println(row(modulus, neighbours));
            }
        }
        return sink == 1 ? 1 : 0;
    }

    private String row(int modulus, int neighbours) throws GeneralSecurityException {
        MaskingSpeed speed = new MaskingSpeed();
        speed.modulus = modulus;
        speed.neighbours = neighbours;
        speed.makeVector();
        double[] masks = new double[pairs];
        double[] cipher = new double[pairs];
        double[] ratios = new double[pairs];
        for (int i = -warmUp; i < pairs; i++) {
            long begin = threads.getCurrentThreadCpuTime();
            sink += speed.mask().element(0);
            long middle = threads.getCurrentThreadCpuTime();
            sink += speed.plainCipher()[0];
            long end = threads.getCurrentThreadCpuTime();
            if (i >= 0) {
                masks[i] = (middle - begin) / 1e6;
                cipher[i] = (end - middle) / 1e6;
                ratios[i] = masks[i] / cipher[i];
            }
        }
        Arrays.sort(masks);
        Arrays.sort(cipher);
        Arrays.sort(ratios);
        double bytes = 1e6 * modulus / Byte.SIZE * neighbours;
        return String.format(
                Locale.ROOT,
                "| 2^%d | %d | %.2f | %.2f | %.2f | %.3f | %.3f to %.3f |",
                modulus,
                neighbours,
                masks[pairs / 2],
                cipher[pairs / 2],
                bytes / cipher[pairs / 2] / 1e6,
                ratios[pairs / 2],
                ratios[pairs / 4],
                ratios[3 * pairs / 4]);
    }
}
