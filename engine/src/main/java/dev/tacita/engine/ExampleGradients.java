package dev.tacita.engine;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.ExampleNorms;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.learning.ScalingRule;
import java.util.Arrays;
import java.util.List;

/** Norms, scaled sums and single gradients from the tape of one plan. */
final class ExampleGradients implements PerExampleGradients.OfTask {
    private static final BackwardRule SIGNALS = Operation::propagate;

    private final CompiledPlan plan;
    private final BatchRunner runner;
    private final List<PerExampleGradients.Group> groups;
    private final ExampleNorms norms;
    private double[] total = new double[0];

    ExampleGradients(CompiledPlan plan, BatchRunner runner) {
        this.plan = plan;
        this.runner = runner;
        groups = plan.groups().stream()
                .map(ParameterGroup::place)
                .map(place -> new PerExampleGradients.Group(place.owner(), place.offset(), place.length()))
                .toList();
        norms = new ExampleNorms(groups.size(), plan.capacity());
    }

    @Override
    public List<PerExampleGradients.Group> groups() {
        return groups;
    }

    @Override
    public Evaluation sum(float[] parameters, int[] rows, int count, ScalingRule rule, float[] sum)
            throws InterruptedException {
        check("parameters", parameters);
        check("sum", sum);
        Arrays.fill(sum, 0f);
        if (count == 0) {
            return Evaluation.NONE;
        }
        Score score = new Score();
        boolean inPieces = count > plan.capacity();
        if (inPieces) {
            total = total.length == 0 ? new double[sum.length] : total;
            Arrays.fill(total, 0);
        }
        for (int at = 0; at < count; at += plan.capacity()) {
            int piece = Math.min(plan.capacity(), count - at);
            runner.signals(parameters, rows, at, piece, score, SIGNALS);
            decide(rule, at, piece);
            collect(sum);
            for (int i = 0; inPieces && i < sum.length; i++) {
                total[i] += sum[i];
            }
        }
        for (int i = 0; inPieces && i < sum.length; i++) {
            sum[i] = (float) total[i];
        }
        return score.evaluation();
    }

    private void decide(ScalingRule rule, int first, int count) {
        norms.begin(first, count);
        for (int group = 0; group < groups.size(); group++) {
            plan.groups().get(group).addSquaredNorms(plan.tape(), norms.squares(group));
        }
        rule.scale(norms);
    }

    private void collect(float[] sum) {
        for (int group = 0; group < groups.size(); group++) {
            ParameterGroup parameters = plan.groups().get(group);
            parameters.scale(plan.tape(), norms.coefficients(group));
            parameters.collect(plan.tape(), sum);
        }
    }

    @Override
    public void each(float[] parameters, int[] rows, int count, float[][] gradients) throws InterruptedException {
        check("parameters", parameters);
        Score score = new Score();
        for (int at = 0; at < count; at += plan.capacity()) {
            int piece = Math.min(plan.capacity(), count - at);
            runner.signals(parameters, rows, at, piece, score, SIGNALS);
            for (int example = 0; example < piece; example++) {
                float[] gradient = gradients[at + example];
                check("a row of gradients", gradient);
                Arrays.fill(gradient, 0f);
                for (ParameterGroup group : plan.groups()) {
                    group.collectExample(plan.tape(), example, gradient);
                }
            }
        }
    }

    private void check(String name, float[] values) {
        int size = plan.wiring().parameterCount();
        if (values.length != size) {
            throw new IllegalArgumentException(
                    name + " must have " + size + " values. Provided value: " + values.length);
        }
    }
}
