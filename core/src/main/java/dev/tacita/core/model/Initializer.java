package dev.tacita.core.model;

import dev.tacita.core.number.SeedStream;

/** How a parameter gets its first values. */
public enum Initializer {
    /** All zeros. */
    ZEROS,
    /** All ones. */
    ONES,
    /** Uniform in +-sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010, eq. 16). */
    GLOROT_UNIFORM,
    /** Normal with variance 2 / fanIn (He et al. 2015, eq. 10). */
    HE_NORMAL,
    /** Normal with variance 1 / fanIn (LeCun et al. 1998, sec. 4.6). */
    LECUN_NORMAL,
    /** Uniform in +-1 / sqrt(fanIn): the rule of LeCun et al. 1998, sec. 4.6, as PyTorch's Linear and Conv2d have it. */
    FAN_IN_UNIFORM;

    /** Fills {@code length} values of {@code target} from {@code offset}, drawn from {@code seeds}. */
    public void fill(float[] target, int offset, int length, int fanIn, int fanOut, SeedStream seeds) {
        var random = seeds.random();
        for (int i = offset; i < offset + length; i++) {
            target[i] = switch (this) {
                case ZEROS -> 0f;
                case ONES -> 1f;
                case GLOROT_UNIFORM -> (float) ((2 * random.nextDouble() - 1) * Math.sqrt(6.0 / (fanIn + fanOut)));
                case HE_NORMAL -> (float) (random.nextGaussian() * Math.sqrt(2.0 / fanIn));
                case LECUN_NORMAL -> (float) (random.nextGaussian() / Math.sqrt(fanIn));
                case FAN_IN_UNIFORM -> (float) ((2 * random.nextDouble() - 1) / Math.sqrt(fanIn));
            };
        }
    }
}
