package dev.tacita.core.learning;

import dev.tacita.core.Problem;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.number.Quantization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Logistic regression by Newton's method, which is iteratively reweighted least squares: each site sends the mean gradient g
 * and the mean Hessian H of its examples' losses, a ridge on the weights included, and the aggregator, from their means by the
 * number of examples, takes w - damping H^-1 g. A round is a step of the same method on all rows in one place, so that a few
 * rounds reach the optimum. There is no ridge on the bias.
 *
 * <p>All is in double precision: parameters are a float each and what it leaves over, which the aggregator remembers and
 * shares; the gradient travels in two parts, of which the second is what the first leaves over, times 2^16. What a site sends
 * tells more of its rows than an update does: the Hessian is a weighted covariance.
 *
 * @param damping factor of the step, above 0, at most 1; 1 is Newton's
 * @param ridge factor of half the squared weights, which join the mean loss; at least 0, finite; above 0 where classes can be
 *     told apart without error, as there is no optimum else
 */
public record NewtonRaphson(double damping, double ridge) implements FederatedAlgorithm {
    /** Of the first part of a gradient; a multiple of it is exact in a float as far as contributions reach. */
    private static final double COARSE = 1.0 / (1 << 16);

    public NewtonRaphson {
        Checks.positiveFraction("damping", damping);
        Checks.notNegative("ridge", ridge);
    }

    @Override
    public String name() {
        return "newton-raphson";
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model) {
        return isLogisticRegression(model)
                ? List.of()
                : List.of(Problem.of(
                        "model",
                        "newton-raphson trains logistic regression: an input of one dimension and one dense layer of one"
                                + " unit that is not frozen."));
    }

    private static boolean isLogisticRegression(ModelSpec model) {
        return model.inputs().size() == 1
                && model.inputs().get(0).shape().rank() == 1
                && model.nodes().size() == 1
                && !model.nodes().get(0).frozen()
                && model.nodes().get(0).layer() instanceof Layer.Dense dense
                && dense.units() == 1;
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model, Loss loss) {
        List<Problem> problems = new ArrayList<>(problemsWith(model));
        if (!loss.equals(new Loss.BinaryCrossEntropyWithLogits())) {
            problems.add(Problem.of(
                    "loss", "newton-raphson needs binary-cross-entropy-with-logits, both classes weighted alike."));
        }
        return problems;
    }

    /** The site computes its sums itself. */
    @Override
    public LocalWork work(int round) {
        return new LocalWork.Gradient();
    }

    @Override
    public int memorySize(int parameters) {
        return parameters;
    }

    @Override
    public int contributionSize(int parameters) {
        return Math.addExact(2 * parameters, Math.multiplyExact(parameters, parameters + 1) / 2);
    }

    @Override
    public Optional<ContributionRule> contributionRule(int parameters) {
        return Optional.of(new HessianRule(2 * parameters, parameters));
    }

    @Override
    public int sharedSize(int parameters) {
        return parameters;
    }

    @Override
    public float[] shared(ServerState state) {
        return state.memory();
    }

    @Override
    public List<Problem> problemsWith(Quantization quantization) {
        return List.of(new Problem(
                "protection",
                "newton-raphson sends gradients in two parts, the second of which is what rounding leaves of the first:"
                        + " rounded to few bits they would be another gradient.",
                "Use 'protection: plain'."));
    }

    @Override
    public SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        int size = round.task().parameters().length;
        double[] parameters = sum(round.task().parameters(), round.shared());
        Layer.Dense layer = (Layer.Dense) round.task().model().nodes().get(0).layer();
        int weights = layer.bias() ? size - 1 : size;
        LogisticSums sums = LogisticSums.of(parameters, layer.bias(), train);
        float[] contribution = new float[contributionSize(size)];
        for (int i = 0; i < size; i++) {
            double slope = sums.gradient()[i] / train.size() + (i < weights ? ridge * parameters[i] : 0);
            double coarse = Math.rint(slope / COARSE) * COARSE;
            contribution[i] = (float) coarse;
            contribution[size + i] = (float) ((slope - coarse) / COARSE);
        }
        for (int i = 0; i < sums.hessian().length; i++) {
            contribution[2 * size + i] = (float) (sums.hessian()[i] / train.size());
        }
        for (int i = 0; i < weights; i++) {
            contribution[2 * size + LogisticSums.place(i, i)] += (float) ridge;
        }
        return new SiteAnswer(new ModelUpdate(contribution, train.size()), round.memory(), sums.evaluation());
    }

    @Override
    public boolean sendsUpdate() {
        return false;
    }

    @Override
    public BesideTheUpdate besideTheUpdate() {
        return new BesideTheUpdate(
                "gradient and Hessian of its training loss", "what rounding leaves of the parameters", "");
    }

    private static double[] sum(float[] parameters, float[] leftOver) {
        double[] sum = new double[parameters.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = (double) parameters[i] + leftOver[i];
        }
        return sum;
    }

    /** Where the Hessian is singular, the parameters that follow are not finite. */
    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        int size = from.parameters().length;
        Checks.size("the mean", mean.values().length, contributionSize(size));
        double[] parameters = sum(from.parameters(), from.memory());
        double[] gradient = new double[size];
        double[] hessian = Arrays.copyOfRange(mean.values(), 2 * size, mean.values().length);
        for (int i = 0; i < size; i++) {
            gradient[i] = mean.values()[i] + COARSE * mean.values()[size + i];
        }
        double[] direction = Cholesky.solve(hessian, gradient);
        float[] next = new float[size];
        float[] leftOver = new float[size];
        for (int i = 0; i < size; i++) {
            double moved = parameters[i] - damping * direction[i];
            next[i] = (float) moved;
            leftOver[i] = (float) (moved - next[i]);
        }
        return new ServerState(next, leftOver);
    }
}
