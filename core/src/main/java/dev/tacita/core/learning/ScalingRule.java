package dev.tacita.core.learning;

/**
 * Decides from the norms of gradients what becomes of each example, such as min(1, C / norm). An example on which nothing
 * is decided adds nothing.
 */
@FunctionalInterface
public interface ScalingRule {
    /** Scales the examples of one pass; not to be kept beyond the call. */
    void scale(ExampleNorms examples);
}
