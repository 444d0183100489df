package dev.tacita.engine;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.List;

/** Finds everything that keeps a task from being run, before the first step. */
final class TaskCheck {
    private static final int MOST_ROWS = 20;

    private TaskCheck() {}

    static List<Problem> problems(ModelSpec model, Loss loss) {
        List<Problem> problems = new ArrayList<>(MemoryBudget.problems(model));
        if (model.inputs().size() != 1) {
            problems.add(Problem.of(
                    "inputs",
                    "training needs a model with exactly one input. Provided value: "
                            + model.inputs().size() + "."));
        } else if (problems.isEmpty()) {
            problems.addAll(new Tokens(model).problems());
        }
        LossFunction.of(loss, model.outputShape())
                .outputProblem()
                .ifPresent(why -> problems.add(Problem.of("output '" + model.output() + "'", why + ".")));
        return problems;
    }

    static void check(LocalTask task, int parameters, LossFunction loss, Examples examples) {
        List<Problem> problems = problems(task.model(), task.loss());
        if (task.work() instanceof LocalWork.Gradient) {
            problems.addAll(LocalWork.Gradient.problemsWith(task.model()));
        }
        if (task.parameters().length != parameters) {
            problems.add(Problem.of(
                    "parameters",
                    "the model has " + parameters + " parameters. Provided value: " + task.parameters().length + "."));
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException("the model", problems);
        }
        checkExamples(task.model(), loss, examples);
    }

    static void checkExamples(ModelSpec model, LossFunction loss, Examples examples) {
        List<Problem> problems = new ArrayList<>();
        Shape input = model.inputs().get(0).shape();
        if (!examples.inputShape().equals(input)) {
            problems.add(Problem.of(
                    "inputs",
                    "the model takes examples of shape " + input + ". Provided shape: " + examples.inputShape() + "."));
        } else {
            problems.addAll(new Tokens(model).problemsOf(examples));
        }
        if (examples.targetSize() != loss.targetSize()) {
            problems.add(Problem.of(
                    "targets",
                    "the model and its loss need " + loss.targetSize() + " target values for each example. Provided"
                            + " value: " + examples.targetSize() + "."));
        } else {
            addTargetProblems(loss, examples, problems);
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException("the examples", problems);
        }
    }

    private static void addTargetProblems(LossFunction loss, Examples examples, List<Problem> problems) {
        float[] target = new float[loss.targetSize()];
        int bad = 0;
        for (int row = 0; row < examples.size(); row++) {
            examples.copyTarget(row, target, 0);
            var problem = loss.targetProblem(target, 0);
            if (problem.isPresent() && ++bad <= MOST_ROWS) {
                problems.add(Problem.of("row " + row + " (counted from 0)", problem.get() + "."));
            }
        }
        if (bad > MOST_ROWS) {
            problems.add(Problem.of("", (bad - MOST_ROWS) + " more rows have such targets."));
        }
    }
}
