package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One site's examples, split and ready, with what its people want to know about them. Nothing but its counts is meant to
 * leave the site.
 *
 * @param name under which the site offers the data
 * @param train what training sees
 * @param validation what the metrics of each round are measured on
 * @param test what the final model is measured on
 * @param classNames in the order of their indexes, which are the targets
 * @param features names of the inputs in their order; empty for images
 * @param notes what was kept, dropped and filled in; each one sentence, no cell of a row among them
 * @param warnings what may spoil training; each one sentence
 * @param keepsRowsApart whether each example is made from its own row alone
 */
public record SiteDataset(
        String name,
        Examples train,
        Examples validation,
        Examples test,
        List<String> classNames,
        List<String> features,
        List<String> notes,
        List<String> warnings,
        boolean keepsRowsApart)
        implements LocalDataset {
    public SiteDataset {
        requireNonNull(name, "name is null");
        requireNonNull(train, "train is null");
        requireNonNull(validation, "validation is null");
        requireNonNull(test, "test is null");
        classNames = List.copyOf(classNames);
        features = List.copyOf(features);
        notes = List.copyOf(notes);
        warnings = List.copyOf(warnings);
    }

    /** The shape of one input. */
    public Shape inputShape() {
        return train.inputShape();
    }

    /** With the class counts of its training examples, as an agent offers it; none where classes have no names. */
    public OfferedDataset offered() {
        List<Integer> counts = classNames.isEmpty() ? List.of() : classCounts(train);
        Map<String, Long> byName = new LinkedHashMap<>();
        for (int i = 0; i < counts.size(); i++) {
            byName.put(classNames.get(i), (long) counts.get(i));
        }
        return new OfferedDataset(this, byName);
    }

    /** How many of these examples are of each class, in the order of {@link #classNames}. */
    public List<Integer> classCounts(Examples examples) {
        int[] counts = new int[classNames.size()];
        float[] target = new float[examples.targetSize()];
        for (int i = 0; i < examples.size(); i++) {
            examples.copyTarget(i, target, 0);
            counts[(int) target[0]]++;
        }
        List<Integer> result = new ArrayList<>();
        for (int count : counts) {
            result.add(count);
        }
        return List.copyOf(result);
    }

    /** Sentences about classes that training will not see. */
    static List<String> classWarnings(List<String> classNames, int[] trainClasses) {
        boolean[] seen = new boolean[classNames.size()];
        for (int each : trainClasses) {
            seen[each] = true;
        }
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i]) {
                warnings.add("no training example is of class '" + classNames.get(i) + "'.");
            }
        }
        return warnings;
    }
}
