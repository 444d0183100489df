package dev.tacita.simulations;

import dev.tacita.core.learning.Examples;
import java.util.random.RandomGenerator;

/**
 * Made-up patients of hospitals that differ as hospitals do: how common the outcome is, how often they write a diagnosis down, and
 * how often they measure a laboratory value. It is no model of any disease.
 *
 * <p>A patient has an age, a sex, four vital signs, six laboratory values and eight conditions, all of which hang on how ill he
 * is; the outcome follows from them by one logistic model for all hospitals, whose intercept differs. What the hospital records are
 * 26 inputs: age, sex, vital signs, laboratory values (0 where not measured), for each of those whether it was measured, and for
 * each condition whether it was written down. The iller, the more is measured. The target is 1 where the outcome came.
 *
 * @param rowsMedian of a hospital; the logarithm of their number is normal of deviation 0.7, on top of 30; at least 1
 * @param prevalence of the outcome at the median hospital, above 0, below 1
 * @param prevalenceSpread deviation of its log-odds over hospitals, at least 0
 * @param coding probability with which the median hospital writes a condition down that is there, above 0, below 1
 * @param codingSpread deviation of its log-odds over hospitals and conditions, at least 0
 * @param missing probability with which the median hospital does not measure a laboratory value, above 0, below 1
 * @param missingSpread deviation of its log-odds over hospitals and values, at least 0
 */
public record HealthRecordGenerator(
        int sites,
        int rowsMedian,
        double prevalence,
        double prevalenceSpread,
        double coding,
        double codingSpread,
        double missing,
        double missingSpread,
        double testFraction,
        long seed)
        implements Generator {
    static final int VITALS = 4;
    static final int LABORATORY = 6;
    static final int CONDITIONS = 8;
    static final int INPUTS = 2 + VITALS + 2 * LABORATORY + CONDITIONS;
    private static final double[] OF_LABORATORY = {.9, -.7, .6, .5, -.4, .3};
    private static final double[] OF_CONDITIONS = {1.2, .9, .8, .6, .5, .4, .3, -.4};

    public HealthRecordGenerator {
        Generator.check(sites, testFraction);
        if (rowsMedian < 1) {
            throw new IllegalArgumentException("rows must be >= 1. Provided value: " + rowsMedian);
        }
        probability("prevalence", prevalence);
        probability("coding", coding);
        probability("missing", missing);
        spread("prevalence-spread", prevalenceSpread);
        spread("coding-spread", codingSpread);
        spread("missing-spread", missingSpread);
    }

    private static void probability(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be > 0 and < 1. Provided value: " + value);
        }
    }

    private static void spread(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be >= 0 and finite. Provided value: " + value);
        }
    }

    @Override
    public Examples rows(int site) {
        RandomGenerator hospital = at(site).derive("hospital").random();
        double intercept = logOdds(prevalence) + prevalenceSpread * hospital.nextGaussian();
        double[] writes = new double[CONDITIONS];
        for (int i = 0; i < CONDITIONS; i++) {
            writes[i] = chance(logOdds(coding) + codingSpread * hospital.nextGaussian());
        }
        double[] omits = new double[LABORATORY];
        for (int i = 0; i < LABORATORY; i++) {
            omits[i] = logOdds(missing) + missingSpread * hospital.nextGaussian();
        }
        RandomGenerator random = at(site).derive("patients").random();
        int size = Generator.size(Math.log(rowsMedian), .7, 30, random);
        float[] inputs = new float[size * INPUTS];
        float[] targets = new float[size];
        for (int i = 0; i < size; i++) {
            targets[i] = patient(inputs, i * INPUTS, intercept, writes, omits, random);
        }
        return Generator.table(INPUTS, inputs, targets);
    }

    /** Writes a patient's record and returns the outcome. */
    private static float patient(
            float[] record, int from, double intercept, double[] writes, double[] omits, RandomGenerator random) {
        int at = from;
        double illness = random.nextGaussian();
        double age = .4 * illness + .9 * random.nextGaussian();
        boolean male = random.nextBoolean();
        record[at++] = (float) age;
        record[at++] = male ? 1 : 0;
        double risk = .5 * age + (male ? .2 : -.2);
        for (int i = 0; i < VITALS; i++) {
            double vital = .5 * illness + .85 * random.nextGaussian();
            record[at++] = (float) vital;
            risk += .2 * vital;
        }
        for (int i = 0; i < LABORATORY; i++) {
            double value = .6 * illness + .8 * random.nextGaussian();
            boolean measured = random.nextDouble() >= chance(omits[i] - .7 * illness);
            record[at + i] = measured ? (float) value : 0;
            record[at + LABORATORY + i] = measured ? 1 : 0;
            risk += OF_LABORATORY[i] * value;
        }
        at += 2 * LABORATORY;
        for (int i = 0; i < CONDITIONS; i++) {
            boolean there = random.nextDouble() < chance(-1.5 + .8 * illness);
            boolean written = random.nextDouble() < writes[i];
            record[at++] = there && written ? 1 : 0;
            risk += OF_CONDITIONS[i] * ((there ? 1 : 0) - .2);
        }
        return random.nextDouble() < chance(intercept + risk) ? 1 : 0;
    }

    private static double logOdds(double probability) {
        return Math.log(probability / (1 - probability));
    }

    private static double chance(double logOdds) {
        return 1 / (1 + Math.exp(-logOdds));
    }
}
