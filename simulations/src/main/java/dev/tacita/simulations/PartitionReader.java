package dev.tacita.simulations;

import static dev.tacita.config.Kinds.constant;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.config.Kind;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Reads how rows are dealt. */
final class PartitionReader {
    static final Map<String, Function<Section, Value<Partition>>> PARTITIONS = new LinkedHashMap<>();

    private static final Kind<Double> POSITIVE = number("> 0", value -> value > 0);
    private static final Kind<Double> NOT_NEGATIVE = number(">= 0", value -> value >= 0);
    private static final Kind<Integer> COUNT = integer(1, Integer.MAX_VALUE);

    static {
        PARTITIONS.put("iid", section -> section.create(Iid::new));
        PARTITIONS.put("dirichlet", PartitionReader::dirichlet);
        PARTITIONS.put("pathological", PartitionReader::pathological);
        PARTITIONS.put("assigned", PartitionReader::assigned);
        PARTITIONS.put("shards", PartitionReader::shards);
        PARTITIONS.put("quantity", PartitionReader::quantity);
        PARTITIONS.put("composed", PartitionReader::composed);
    }

    private PartitionReader() {}

    private static Value<Partition> composed(Section section) {
        Value<Integer> groups = section.required("groups", integer(2, Integer.MAX_VALUE));
        Value<Partition> outer = section.required("outer", variant(PARTITIONS));
        Value<Partition> inner = section.required("inner", variant(PARTITIONS));
        return section.create(() -> new Composed(groups.get(), outer.get(), inner.get()));
    }

    private static Value<Partition> dirichlet(Section section) {
        Value<Double> alpha = section.required("alpha", POSITIVE);
        Value<Integer> smallest = section.optional("smallest", COUNT, 1);
        return section.create(() -> new Dirichlet(alpha.get(), smallest.get()));
    }

    private static Value<Partition> pathological(Section section) {
        Value<Integer> classes = section.required("classes", COUNT);
        Value<Pathological.Order> order =
                section.optional("order", constant(Pathological.Order.class), Pathological.Order.IN_TURN);
        return section.create(() -> new Pathological(classes.get(), order.get()));
    }

    private static Value<Partition> assigned(Section section) {
        Value<List<List<Integer>>> classes = section.required("classes", list(list(integer(0, Integer.MAX_VALUE))));
        return section.create(() -> new AssignedClasses(classes.get()));
    }

    private static Value<Partition> shards(Section section) {
        Value<Integer> perSite = section.required("per-site", COUNT);
        Value<Optional<Integer>> size = section.optional("size", COUNT);
        return section.create(
                () -> new Shards(perSite.get(), size.get().map(OptionalInt::of).orElse(OptionalInt.empty())));
    }

    private static Value<Partition> quantity(Section section) {
        Value<QuantitySkew.Law> law = section.required("law", constant(QuantitySkew.Law.class));
        Value<Double> strength = section.required("strength", NOT_NEGATIVE);
        Value<Integer> smallest = section.optional("smallest", COUNT, 1);
        return section.create(() -> new QuantitySkew(law.get(), strength.get(), smallest.get()));
    }
}
