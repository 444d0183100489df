package dev.tacita.dl4j;

import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** A network of either kind while it is trained. */
sealed interface FederatedNetwork {
    /** Makes networks that are as new: their updaters and counters have seen nothing. */
    sealed interface Maker {
        FederatedNetwork with(INDArray parameters);

        /** The layer that gives the output; empty if a vertex does. */
        Optional<Layer> output();
    }

    INDArray parameters();

    void fit(DataSet batch);

    /** The mean loss that the last call of {@link #fit} saw, with DL4J's regularisation. */
    double score();

    /** The loss of each example in evaluation, without regularisation. */
    INDArray scores(DataSet examples);

    /** In evaluation. */
    INDArray output(INDArray inputs);

    record LayersMaker(MultiLayerConfiguration configuration) implements Maker {
        public LayersMaker {
            configuration = configuration.clone();
            configuration.setIterationCount(0);
            configuration.setEpochCount(0);
        }

        @Override
        public FederatedNetwork with(INDArray parameters) {
            var network = new MultiLayerNetwork(configuration.clone());
            network.init(parameters, true);
            return new Layers(network);
        }

        @Override
        public Optional<Layer> output() {
            return Optional.of(
                    configuration.getConf(configuration.getConfs().size() - 1).getLayer());
        }
    }

    record GraphMaker(ComputationGraphConfiguration configuration) implements Maker {
        public GraphMaker {
            configuration = configuration.clone();
            configuration.setIterationCount(0);
            configuration.setEpochCount(0);
        }

        @Override
        public FederatedNetwork with(INDArray parameters) {
            var network = new ComputationGraph(configuration.clone());
            network.init(parameters, true);
            return new Graph(network);
        }

        @Override
        public Optional<Layer> output() {
            GraphVertex vertex = Optional.ofNullable(configuration
                            .getVertices()
                            .get(configuration.getNetworkOutputs().get(0)))
                    .orElseThrow();
            return vertex instanceof LayerVertex layer
                    ? Optional.of(layer.getLayerConf().getLayer())
                    : Optional.empty();
        }
    }

    record Layers(MultiLayerNetwork network) implements FederatedNetwork {
        @Override
        public INDArray parameters() {
            return network.params();
        }

        @Override
        public void fit(DataSet batch) {
            network.fit(batch);
        }

        @Override
        public double score() {
            return network.score();
        }

        @Override
        public INDArray scores(DataSet examples) {
            return network.scoreExamples(examples, false);
        }

        @Override
        public INDArray output(INDArray inputs) {
            return network.output(inputs);
        }
    }

    record Graph(ComputationGraph network) implements FederatedNetwork {
        @Override
        public INDArray parameters() {
            return network.params();
        }

        @Override
        public void fit(DataSet batch) {
            network.fit(batch);
        }

        @Override
        public double score() {
            return network.score();
        }

        @Override
        public INDArray scores(DataSet examples) {
            return network.scoreExamples(examples, false);
        }

        @Override
        public INDArray output(INDArray inputs) {
            return network.outputSingle(inputs);
        }
    }
}
