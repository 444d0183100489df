package dev.tacita.dl4j;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.nd4j.linalg.factory.Nd4j;

/** Whether ND4J can run here. */
final class Nd4jLibrary {
    private Nd4jLibrary() {}

    static void assumed() {
        boolean available;
        try {
            Nd4j.create(1);
            available = true;
        } catch (LinkageError | RuntimeException e) {
            available = false;
        }
        assumeTrue(available, "ND4J has no library for this platform");
    }
}
