package dev.tacita.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.OptimizerSpec;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    @Test
    void plainDescentSubtractsRateTimesGradient() {
        assertThat(twoSteps(OptimizerSpec.Sgd.of(0.5)))
                .containsExactly(new float[] {1 - 0.5f - 0.25f, -2 + 1f + 2f}, within(1e-7f));
    }

    @Test
    void momentumAddsPartOfTheLastStep() {
        // v: 1, -2 then 0.9 * 1 + 0.5, 0.9 * -2 - 4
        assertThat(twoSteps(new OptimizerSpec.Sgd(0.1, 0.9, false, 0)))
                .containsExactly(new float[] {1 - 0.1f - 0.14f, -2 + 0.2f + 0.58f}, within(1e-6f));
    }

    @Test
    void nesterovLooksAhead() {
        // v as above; steps g + 0.9 v: 1.9, -3.8 then 0.5 + 1.26, -4 - 5.22
        assertThat(twoSteps(new OptimizerSpec.Sgd(0.1, 0.9, true, 0)))
                .containsExactly(new float[] {1 - 0.19f - 0.176f, -2 + 0.38f + 0.922f}, within(1e-6f));
    }

    @Test
    void weightDecayPullsTowardsZero() {
        // 1: g = 1 + 0.1 -> 0.89; g = 0.5 + 0.089 -> 0.8311. -2: g = -2 - 0.2 -> -1.78; g = -4 - 0.178 -> -1.3622
        assertThat(twoSteps(new OptimizerSpec.Sgd(0.1, 0, false, 0.1)))
                .containsExactly(new float[] {0.8311f, -1.3622f}, within(1e-6f));
    }

    @Test
    void theFirstStepOfAdamIsTheLearningRateInTheDirectionOfTheSign() {
        float[] parameters = {1, -2};
        Optimizer.of(OptimizerSpec.Adam.of(0.01), 2).step(parameters, new float[] {1000, -0.001f}, 1);
        assertThat(parameters).containsExactly(new float[] {0.99f, -1.99f}, within(1e-6f));
    }

    @Test
    void manyStepsAgreeWithDoublePrecisionReferences() {
        List<OptimizerSpec> specs = List.of(
                new OptimizerSpec.Sgd(0.05, 0.8, false, 0.01),
                new OptimizerSpec.Sgd(0.05, 0.8, true, 0.01),
                OptimizerSpec.Adam.of(0.01),
                new OptimizerSpec.Adam(0.02, 0.8, 0.99, 1e-4, 0.1),
                new OptimizerSpec.AdamW(0.02, 0.8, 0.99, 1e-4, 0.1),
                new OptimizerSpec.Yogi(0.02, 0.8, 0.99, 1e-3),
                new OptimizerSpec.RmsProp(0.01, 0.9, 1e-6),
                new OptimizerSpec.Adagrad(0.05, 1e-8));
        for (OptimizerSpec spec : specs) {
            Random random = new Random(4);
            float[] parameters = uniform(random, 37);
            double[] reference = widened(parameters);
            double[] first = new double[37];
            double[] second = new double[37];
            Optimizer optimizer = Optimizer.of(spec, 37);
            for (int step = 1; step <= 100; step++) {
                float[] gradient = uniform(random, 37);
                optimizer.step(parameters, gradient, 1);
                for (int i = 0; i < 37; i++) {
                    reference[i] -= referenceStep(spec, step, i, gradient[i], reference[i], first, second);
                }
            }
            for (int i = 0; i < 37; i++) {
                assertThat((double) parameters[i]).as("%s at %d", spec, i).isCloseTo(reference[i], within(1e-5));
            }
        }
    }

    @Test
    void aFactorScalesTheLearningRateAndNothingElse() {
        List<List<OptimizerSpec>> pairs = List.of(
                List.of(OptimizerSpec.Sgd.of(0.1), OptimizerSpec.Sgd.of(0.05)),
                List.of(new OptimizerSpec.Sgd(0.1, 0.9, true, 0.1), new OptimizerSpec.Sgd(0.05, 0.9, true, 0.1)),
                List.of(OptimizerSpec.Adam.of(0.1), OptimizerSpec.Adam.of(0.05)),
                List.of(
                        new OptimizerSpec.AdamW(0.1, 0.9, 0.99, 1e-8, 0.1),
                        new OptimizerSpec.AdamW(0.05, 0.9, 0.99, 1e-8, 0.1)),
                List.of(new OptimizerSpec.Yogi(0.1, 0.9, 0.99, 1e-3), new OptimizerSpec.Yogi(0.05, 0.9, 0.99, 1e-3)),
                List.of(new OptimizerSpec.RmsProp(0.1, 0.9, 1e-8), new OptimizerSpec.RmsProp(0.05, 0.9, 1e-8)),
                List.of(new OptimizerSpec.Adagrad(0.1, 1e-8), new OptimizerSpec.Adagrad(0.05, 1e-8)));
        for (List<OptimizerSpec> pair : pairs) {
            float[] scaled = {1, -2};
            float[] smaller = {1, -2};
            Optimizer.of(pair.get(0), 2).step(scaled, new float[] {3, -1}, 0.5);
            Optimizer.of(pair.get(1), 2).step(smaller, new float[] {3, -1}, 1);
            assertThat(scaled).as(pair.toString()).containsExactly(smaller, within(1e-7f));
        }
    }

    private static double referenceStep(
            OptimizerSpec spec, int step, int i, double gradient, double parameter, double[] first, double[] second) {
        if (spec instanceof OptimizerSpec.Sgd sgd) {
            double slope = gradient + sgd.weightDecay() * parameter;
            first[i] = sgd.momentum() * first[i] + slope;
            return sgd.learningRate() * (sgd.nesterov() ? slope + sgd.momentum() * first[i] : first[i]);
        }
        if (spec instanceof OptimizerSpec.RmsProp rmsProp) {
            second[i] = rmsProp.decay() * second[i] + (1 - rmsProp.decay()) * gradient * gradient;
            return rmsProp.learningRate() * gradient / (Math.sqrt(second[i]) + rmsProp.epsilon());
        } else if (spec instanceof OptimizerSpec.Adagrad adagrad) {
            second[i] += gradient * gradient;
            return adagrad.learningRate() * gradient / (Math.sqrt(second[i]) + adagrad.epsilon());
        } else if (spec instanceof OptimizerSpec.Yogi yogi) {
            first[i] = yogi.beta1() * first[i] + (1 - yogi.beta1()) * gradient;
            double square = gradient * gradient;
            second[i] -= (1 - yogi.beta2()) * Math.signum(second[i] - square) * square;
            double corrected = second[i] / (1 - Math.pow(yogi.beta2(), step));
            return yogi.learningRate()
                    * first[i]
                    / (1 - Math.pow(yogi.beta1(), step))
                    / (Math.sqrt(corrected) + yogi.epsilon());
        } else if (spec instanceof OptimizerSpec.AdamW adamW) {
            var adam = new OptimizerSpec.Adam(adamW.learningRate(), adamW.beta1(), adamW.beta2(), adamW.epsilon(), 0);
            return referenceStep(adam, step, i, gradient, parameter, first, second)
                    + adamW.learningRate() * adamW.weightDecay() * parameter;
        }
        OptimizerSpec.Adam adam = (OptimizerSpec.Adam) spec;
        double slope = gradient + adam.weightDecay() * parameter;
        first[i] = adam.beta1() * first[i] + (1 - adam.beta1()) * slope;
        second[i] = adam.beta2() * second[i] + (1 - adam.beta2()) * slope * slope;
        double mean = first[i] / (1 - Math.pow(adam.beta1(), step));
        double square = second[i] / (1 - Math.pow(adam.beta2(), step));
        return adam.learningRate() * mean / (Math.sqrt(square) + adam.epsilon());
    }

    private static float[] twoSteps(OptimizerSpec spec) {
        float[] parameters = {1, -2};
        Optimizer optimizer = Optimizer.of(spec, 2);
        optimizer.step(parameters, new float[] {1, -2}, 1);
        optimizer.step(parameters, new float[] {0.5f, -4}, 1);
        return parameters;
    }

    private static float[] uniform(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
