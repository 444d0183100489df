package dev.tacita.dp.accounting;

/**
 * Where everything that reveals something about the data is entered before it does. Training calls it before the noise of
 * a step is used; whatever is thrown here stops the step, and nothing of it is released.
 */
@FunctionalInterface
public interface Spending {
    /**
     * Enters an event. Returns only when the entry will survive whatever happens next; an implementation throws if the event
     * exceeds what may be spent, or if the entry cannot be kept.
     */
    void spend(Event event);
}
