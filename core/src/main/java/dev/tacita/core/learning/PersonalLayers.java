package dev.tacita.core.learning;

import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.ParameterLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The layers of a model that stay at the site. Its memory holds their parameters, each at its own place, and last a 1 once it
 * has trained; what it sends has exact zeros there, so that the aggregator's model keeps its first values of them.
 */
final class PersonalLayers {
    private final List<ParameterLayout.Slot> slots;

    private PersonalLayers(List<ParameterLayout.Slot> slots) {
        this.slots = slots;
    }

    static PersonalLayers of(ModelSpec model, Predicate<Node> personal) {
        ParameterLayout layout = model.layout();
        Set<ParameterLayout.Slot> slots = model.nodes().stream()
                .filter(personal)
                .flatMap(node -> layout.of(node.id()).stream())
                .collect(Collectors.toSet());
        return new PersonalLayers(
                layout.slots().stream().filter(slots::contains).toList());
    }

    static int memorySize(int parameters) {
        return parameters + 1;
    }

    /** The model received with the site's own layers, once it has some. */
    float[] join(float[] received, float[] memory) {
        Checks.size("the memory", memory.length, memorySize(received.length));
        if (memory[received.length] == 0) {
            return received;
        }
        float[] joined = received.clone();
        for (ParameterLayout.Slot slot : slots) {
            System.arraycopy(memory, slot.offset(), joined, slot.offset(), slot.length());
        }
        return joined;
    }

    /** Trains the joined model, keeps its own layers, and sends the others. */
    SiteAnswer answer(SiteRound round, LocalTrainer trainer, Examples train) throws InterruptedException {
        float[] start = join(round.task().parameters(), round.memory());
        LocalResult result = trainer.train(round.task().withParameters(start), train);
        float[] update = result.update().valuesInTheClear().clone();
        float[] memory = new float[memorySize(start.length)];
        memory[start.length] = 1;
        for (ParameterLayout.Slot slot : slots) {
            for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
                memory[i] = start[i] + update[i];
            }
            Arrays.fill(update, slot.offset(), slot.offset() + slot.length(), 0);
        }
        return new SiteAnswer(new ModelUpdate(update, result.update().weight()), memory, result.training());
    }
}
