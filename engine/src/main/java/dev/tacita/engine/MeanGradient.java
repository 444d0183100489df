package dev.tacita.engine;

/** The gradient of the mean loss of a batch (back-propagation; Rumelhart, Hinton and Williams 1986). */
final class MeanGradient implements BackwardRule {
    private final float[] gradient;

    MeanGradient(float[] gradient) {
        this.gradient = gradient;
    }

    @Override
    public void visit(Operation operation, Tape tape) {
        operation.goBack(tape, gradient);
    }
}
