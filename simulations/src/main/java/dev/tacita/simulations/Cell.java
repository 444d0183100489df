package dev.tacita.simulations;

/**
 * One run of a study's grid.
 *
 * @param population name of the population
 * @param run name of the way of training
 * @param seed of every draw
 */
public record Cell(String population, String run, long seed) {
    @Override
    public String toString() {
        return population + " " + run + " seed " + seed;
    }
}
