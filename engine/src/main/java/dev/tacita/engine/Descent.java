package dev.tacita.engine;

/**
 * A step of gradient descent on the mean loss of a batch, taken by each operation as soon as its gradient is there; for
 * parameters that all are trained and that no two operations share.
 */
final class Descent implements BackwardRule {
    private final float[] gradient;
    private float rate;

    /** @param gradient working memory for one gradient of the model */
    Descent(float[] gradient) {
        this.gradient = gradient;
    }

    void setRate(float rate) {
        this.rate = rate;
    }

    @Override
    public void visit(Operation operation, Tape tape) {
        operation.descend(tape, gradient, rate);
    }
}
