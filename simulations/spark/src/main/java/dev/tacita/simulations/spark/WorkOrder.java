package dev.tacita.simulations.spark;

import java.io.Serializable;

/**
 * Whose work tasks do.
 *
 * @param run by which one run is told from another
 * @param source of the simulation
 * @param fingerprint of the driver's simulation, which an executor's must have too
 */
record WorkOrder(String run, SimulationSource source, String fingerprint) implements Serializable {}
