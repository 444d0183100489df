package dev.tacita.core.trees;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.learning.SiteAnswer;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.core.number.SeedStream;
import java.util.List;

/** Grows trees as a run does: contributions in fixed point, and their mean. */
final class GrownTrees {
    static final LocalTrainer NO_TRAINER = new LocalTrainer() {
        @Override
        public LocalResult train(LocalTask task, Examples train) {
            throw new AssertionError("trees are no layers");
        }

        @Override
        public Evaluation evaluate(LocalTask task, Examples examples) {
            throw new AssertionError("trees are no layers");
        }
    };

    private GrownTrees() {}

    /** Rows as examples. */
    static Examples examples(float[][] rows, float[] targets) {
        int width = rows[0].length;
        float[] inputs = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, inputs, i * width, width);
        }
        return new ArrayExamples(Shape.of(width), 1, inputs, targets.clone());
    }

    static ModelSpec model(List<Examples> sites, int outputs) {
        return Models.logisticRegression(sites.get(0).inputShape().size(), outputs);
    }

    /** The parameters after all rounds. */
    static float[] grow(BoostedTrees algorithm, Loss loss, int outputs, List<Examples> sites)
            throws InterruptedException {
        return grow(algorithm, loss, outputs, sites, algorithm.rounds().getAsInt());
    }

    static float[] grow(BoostedTrees algorithm, Loss loss, int outputs, List<Examples> sites, int rounds)
            throws InterruptedException {
        ModelSpec model = model(sites, outputs);
        ServerState state = ServerState.first(algorithm, algorithm.firstParameters(model, SeedStream.of(1)));
        for (int round = 1; round <= rounds; round++) {
            state = algorithm.step(state, mean(algorithm, model, loss, state, sites, round));
        }
        return state.parameters();
    }

    private static RoundMean mean(
            BoostedTrees algorithm, ModelSpec model, Loss loss, ServerState state, List<Examples> sites, int round)
            throws InterruptedException {
        long[] sums = new long[algorithm.contributionSize(model)];
        long total = 0;
        for (Examples rows : sites) {
            LocalTask task =
                    new LocalTask(model, loss, algorithm.work(round), state.parameters(), SeedStream.of(round));
            SiteAnswer answer =
                    algorithm.answer(new SiteRound(task, new float[0], algorithm.shared(state)), NO_TRAINER, rows);
            var words = answer.contribution().withoutClipping().encode(FixedPoint.STANDARD);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += answer.contribution().weight() * words.word(i);
            }
            total += answer.contribution().weight();
        }
        double[] mean = new double[sums.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = FixedPoint.STANDARD.mean(sums[i], total);
        }
        return RoundMean.ofAll(mean, round, sites.size());
    }
}
