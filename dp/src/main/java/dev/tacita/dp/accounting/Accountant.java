package dev.tacita.dp.accounting;

/**
 * Bounds what an event reveals. An accountant has no state: what a program did so far is an {@link Event}, and the same
 * event always gives the same answer.
 */
public interface Accountant {
    /** A short name for reports, such as {@code RDP}. */
    String name();

    /** The neighbours that its guarantees hold apart. */
    NeighbouringRelation relation();

    /**
     * What this event reveals at most.
     *
     * @throws UnsupportedEventException naming each part of the event that this accountant cannot take under its relation
     */
    PrivacyLoss account(Event event);
}
