package dev.tacita.core.learning;

/** The only stage that can be sent. */
public final class ProtectedUpdate {
    private final Protection protection;
    private final long weight;
    private final float[] values;

    ProtectedUpdate(Protection protection, long weight, float[] values) {
        this.protection = protection;
        this.weight = weight;
        this.values = values;
    }

    /** What hides it. */
    public Protection protection() {
        return protection;
    }

    /** The number of examples behind it. */
    public long weight() {
        return weight;
    }

    /** What travels, shared; under {@link Protection#PLAIN} these are the update's own values. */
    public float[] payload() {
        return values;
    }
}
