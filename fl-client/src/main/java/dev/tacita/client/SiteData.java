package dev.tacita.client;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the datasets that a configuration names. */
public final class SiteData {
    private SiteData() {}

    /**
     * One dataset.
     *
     * @throws ProblemsException with every problem of its schema, or else of its data
     */
    public static SiteDataset read(SiteConfig.DataSource source) {
        if (DatasetReader.schema(source.schema()) instanceof CsvSchema csv && csv.keepsMissing()) {
            throw new ProblemsException(
                    "the site's data",
                    List.of(new Problem(
                            source.schema().toString(),
                            "'missing: keep' gives rows that no algorithm which runs live can train on.",
                            "Use drop-row, mean or mode; simulations can have keep.")));
        }
        return source.data()
                .map(data -> DatasetReader.read(source.schema(), data))
                .orElseGet(() -> DatasetReader.read(source.schema()));
    }

    /**
     * Every dataset, by name.
     *
     * @throws ProblemsException with every problem of every dataset, and names that two of them share
     */
    public static Map<String, SiteDataset> readAll(List<SiteConfig.DataSource> sources) {
        Map<String, SiteDataset> datasets = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (SiteConfig.DataSource source : sources) {
            try {
                SiteDataset dataset = read(source);
                if (datasets.putIfAbsent(dataset.name(), dataset) != null) {
                    problems.add(new Problem(
                            source.schema().toString(),
                            "another dataset has the name '" + dataset.name() + "' already.",
                            "Give each dataset a name of its own."));
                }
            } catch (ProblemsException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException("the site's data", problems);
        }
        return Collections.unmodifiableMap(datasets);
    }
}
