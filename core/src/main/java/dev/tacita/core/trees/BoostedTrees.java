package dev.tacita.core.trees;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.learning.SiteAnswer;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.number.Quantization;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Gradient-boosted decision trees from sums of histograms (Chen and Guestrin 2016, XGBoost, sections 2.2 and 3.4; histograms:
 * Ke et al. 2017, LightGBM, section 2.1). The ensemble stands in the place of the model's layers: it takes the model's input,
 * of one dimension, and gives as many outputs.
 *
 * <p>The first {@code edgeRounds} rounds find the edges of the bins of each input: sites count their rows in cells that are the
 * same for all inputs at first, a cell for each power of two, and the aggregator divides cells of many rows evenly and joins
 * cells of few. No site says its least or largest value, and an edge lies where cells end, not at a row's value. Then each
 * round grows one level of one tree, or of one tree for each class: sites send, for each open node, input and bin, the sums of
 * the gradients and Hessians of the loss and the number of rows, and the aggregator takes the best split of each node. Rows
 * whose input is missing (NaN) go to the side where that gains more. After every round the ensemble is whole: open nodes are
 * leaves.
 *
 * <p>Gradients are rounded to multiples of 2^-24 row by row, and their sums travel as {@link Digits}, so that they are exact:
 * any way of dealing the same rows to sites gives the same bits. Sites count alike, and a contribution is a sum, not a mean.
 *
 * <p>What a site sends reveals its rows more than an update does: a cell of one row tells that row's bin and gradient, and
 * {@code smallestNode} does not keep the aggregator from seeing it. It bounds what the finished trees say.
 *
 * @param trees for each output, 1 to 10,000
 * @param depth of a tree, the number of questions to its deepest leaf; 1 to 10
 * @param bins of an input, at most, beside that of missing values; 2 to 1,024
 * @param learningRate factor of each leaf's value, above 0, at most 1
 * @param lambda strength of the penalty (lambda/2) w^2 on the value w of a leaf, at least 0, finite
 * @param gamma what a split must gain, at least 0, finite: the gain is G_L^2/(H_L + lambda) + G_R^2/(H_R + lambda) - G^2/(H +
 *     lambda), twice that of equation 7 before gamma, as the program of XGBoost has it
 * @param smallestChildWeight the least sum of Hessians in a node, at least 0, finite
 * @param smallestNode the least number of rows, of all sites that answered together, in a node; at least 1
 * @param edgeRounds how many rounds find edges, 2 to 10; each but the last divides cells up to {@code max(64, 4 * bins)} times
 */
public record BoostedTrees(
        int trees,
        int depth,
        int bins,
        double learningRate,
        double lambda,
        double gamma,
        double smallestChildWeight,
        int smallestNode,
        int edgeRounds)
        implements FederatedAlgorithm {
    private static final long LARGEST_CONTRIBUTION = 1 << 26;

    public BoostedTrees {
        range("trees", trees, 1, 10_000);
        range("depth", depth, 1, 10);
        range("bins", bins, 2, 1024);
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException("learning-rate must be > 0 and <= 1. Provided value: " + learningRate);
        }
        notNegative("lambda", lambda);
        notNegative("gamma", gamma);
        notNegative("smallest-child-weight", smallestChildWeight);
        range("smallest-node", smallestNode, 1, Integer.MAX_VALUE);
        range("edge-rounds", edgeRounds, 2, 10);
    }

    private static void range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must be " + least + " to " + most + ". Provided value: " + value);
        }
    }

    private static void notNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be >= 0 and finite. Provided value: " + value);
        }
    }

    @Override
    public String name() {
        return "boosted-trees";
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model) {
        List<Problem> problems = new ArrayList<>();
        if (model.inputs().size() != 1 || model.inputs().get(0).shape().rank() != 1) {
            problems.add(Problem.of("model", "boosted-trees asks about the numbers of one input of one dimension."));
            return problems;
        }
        int outputs = model.outputShape().size();
        long nodes = (long) outputs << (depth - 1);
        long size = nodes * model.inputs().get(0).shape().size() * (bins + 1) * ForestLayout.DIGITS_OF_A_CELL;
        if (size > LARGEST_CONTRIBUTION) {
            problems.add(new Problem(
                    "algorithm",
                    "outputs * 2^(depth - 1) * inputs * (bins + 1) * " + ForestLayout.DIGITS_OF_A_CELL
                            + " numbers are too many to send: at most " + LARGEST_CONTRIBUTION + ". Provided value: "
                            + size + ".",
                    "Take fewer bins or less depth."));
        } else if ((long) outputs * trees * ForestLayout.nodes(depth) * ForestLayout.OF_A_NODE > LARGEST_CONTRIBUTION) {
            problems.add(new Problem(
                    "algorithm",
                    "outputs * trees * (2^(depth + 1) - 1) nodes are too many: an ensemble has at most "
                            + LARGEST_CONTRIBUTION / ForestLayout.OF_A_NODE + ".",
                    "Take fewer trees or less depth."));
        }
        return problems;
    }

    @Override
    public List<Problem> problemsWith(Quantization quantization) {
        return List.of(new Problem(
                "protection",
                "boosted-trees sends exact sums in several parts: rounded to few bits they would be others.",
                "Use 'protection: plain'."));
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model, Loss loss) {
        List<Problem> problems = new ArrayList<>(problemsWith(model));
        problems.addAll(BoostedLoss.problems(loss, model.outputShape().size()));
        return problems;
    }

    @Override
    public boolean trainsLayers() {
        return false;
    }

    @Override
    public OptionalInt rounds() {
        return OptionalInt.of(edgeRounds + trees * depth);
    }

    /** The site computes its sums itself. */
    @Override
    public LocalWork work(int round) {
        return new LocalWork.Gradient();
    }

    @Override
    public int parameters(ModelSpec model) {
        return ForestLayout.of(this, model).size();
    }

    /** Of an ensemble without trees. */
    @Override
    public float[] firstParameters(ModelSpec model, SeedStream seeds) {
        return Forest.empty(ForestLayout.of(this, model)).vector();
    }

    @Override
    public int contributionSize(ModelSpec model) {
        return ForestLayout.of(this, model).contributionSize();
    }

    /** @throws UnsupportedOperationException always: it depends on more of the model */
    @Override
    public int contributionSize(int parameters) {
        throw new UnsupportedOperationException("the size of a histogram depends on the model's inputs and outputs");
    }

    /**
     * The ensemble in a vector of parameters.
     *
     * @param loss by which it was trained
     */
    public TreeEnsemble ensemble(Loss loss, float[] parameters) {
        return Forest.of(this, parameters).ensemble(loss);
    }

    /** @throws NotEncodableException if the site's rows are too many, or a target is none of the loss's or too large */
    @Override
    public SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        LocalTask task = round.task();
        Forest forest = Forest.of(this, task.parameters());
        SiteRows rows = new SiteRows(forest, task.loss(), train);
        float[] contribution = new float[forest.layout().contributionSize()];
        if (forest.edgeRounds() < edgeRounds) {
            rows.addEdgeSums(contribution);
        } else if (forest.finished() < trees) {
            rows.addNodeSums(contribution);
        }
        return new SiteAnswer(new ModelUpdate(contribution, 1), round.memory(), rows.evaluation());
    }

    @Override
    public Evaluation evaluate(LocalTask task, LocalTrainer trainer, Examples examples) throws InterruptedException {
        return new SiteRows(Forest.of(this, task.parameters()), task.loss(), examples).evaluation();
    }

    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        Forest forest = Forest.of(this, from.parameters().clone());
        if (forest.edgeRounds() < edgeRounds) {
            EdgeSearch.step(this, forest, mean);
        } else if (forest.finished() < trees) {
            SplitSearch.step(this, forest, mean);
        }
        return ServerState.of(forest.vector());
    }
}
