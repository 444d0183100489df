package dev.tacita.simulations.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The one Spark of the tests: two executor threads, three tries for each task, and tasks enough for a tree of two levels. */
public final class LocalSpark {
    public static final JavaSparkContext CONTEXT = new JavaSparkContext(new SparkConf()
            .setMaster("local[2,3]")
            .setAppName("tests")
            .set("spark.default.parallelism", "6")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.ui.enabled", "false"));

    private LocalSpark() {}
}
