package dev.tacita.benchmarks;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.ArrayList;
import java.util.List;

/** ResNet-18 with the stem for CIFAR images (He et al. 2016, sec. 3.3 and 4.2): 11,173,962 trainable parameters. */
final class ResidualNetwork {
    private final List<Node> nodes = new ArrayList<>();
    private String last = "image";

    private ResidualNetwork() {}

    static ModelSpec resNet18() {
        ResidualNetwork network = new ResidualNetwork();
        network.convolve("stem", 64, 3, 1);
        network.activate("stem-relu");
        int width = 64;
        for (int stage = 0; stage < 4; stage++, width *= 2) {
            network.block("block" + stage + "a", width, stage == 0 ? 1 : 2, stage > 0);
            network.block("block" + stage + "b", width, 1, false);
        }
        network.then("pool", new Pooling.GlobalAvgPool());
        network.then("flat", new Layer.Flatten());
        network.then("classes", Layer.Dense.of(10));
        return new ModelSpec(List.of(new Input("image", Shape.of(3, 32, 32))), network.nodes, network.last);
    }

    private void block(String name, int filters, int stride, boolean projected) {
        String before = last;
        convolve(name + "-first", filters, 3, stride);
        activate(name + "-inner-relu");
        convolve(name + "-second", filters, 3, 1);
        String main = last;
        last = before;
        if (projected) {
            convolve(name + "-shortcut", filters, 1, stride);
        }
        nodes.add(new Node(name + "-sum", new Layer.Add(), List.of(main, last)));
        last = name + "-sum";
        activate(name + "-relu");
    }

    private void convolve(String name, int filters, int kernel, int stride) {
        Window window = Window.square(kernel, stride, kernel / 2);
        then(name, new Layer.Conv2d(filters, window, false, Initializer.HE_NORMAL));
        then(name + "-norm", Normalization.BatchNorm.standard());
    }

    private void activate(String name) {
        then(name, new Layer.Activation(new ActivationFunction.Relu()));
    }

    private void then(String name, Layer layer) {
        nodes.add(new Node(name, layer, List.of(last)));
        last = name;
    }
}
