package dev.tacita.dp.audit;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** The binomial distribution by sums of exact fractions: slow and obviously right. */
final class ExactBinomial {
    private ExactBinomial() {}

    static double atLeast(int successes, int trials, double rate) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int k = Math.max(0, successes); k <= trials; k++) {
            sum = sum.add(mass(k, trials, rate));
        }
        return sum.doubleValue();
    }

    static BigDecimal mass(int successes, int trials, double rate) {
        BigInteger ways = BigInteger.ONE;
        for (int i = 0; i < successes; i++) {
            ways = ways.multiply(BigInteger.valueOf(trials - i)).divide(BigInteger.valueOf(i + 1));
        }
        MathContext digits = new MathContext(60);
        BigDecimal p = new BigDecimal(rate);
        return new BigDecimal(ways)
                .multiply(p.pow(successes, digits), digits)
                .multiply(BigDecimal.ONE.subtract(p).pow(trials - successes, digits), digits);
    }
}
