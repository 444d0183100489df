package dev.tacita.dl4j;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;

/**
 * A configuration that DL4J may read: not deep enough to exhaust a stack, naming classes of DL4J's own only, and holding
 * no arrays whose size a few letters decide.
 *
 * @param json of it
 * @param isGraph whether it is of a computation graph
 */
record Configuration(String json, boolean isGraph) {
    private static final int DEEPEST = 64;
    private static final String CLASS = "@class";
    private static final String WEIGHTS = "weights";
    private static final List<String> ALLOWED = List.of(
            "org.deeplearning4j.nn.conf.",
            "org.deeplearning4j.nn.weights.",
            "org.nd4j.linalg.activations.impl.",
            "org.nd4j.linalg.learning.",
            "org.nd4j.linalg.lossfunctions.impl.",
            "org.nd4j.linalg.schedule.");

    static Configuration check(byte[] bytes, String subject) {
        String json = new String(bytes, StandardCharsets.UTF_8);
        Set<Problem> problems = new LinkedHashSet<>();
        Set<String> fields = new LinkedHashSet<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            scan(parser, fields, problems);
        } catch (IOException e) {
            problems.add(problem("it is no JSON: " + Printable.of(String.valueOf(e.getMessage())) + "."));
        }
        if (problems.isEmpty() && fields.contains("confs") == fields.contains("vertices")) {
            problems.add(problem("it must have either confs, as a list of layers has, or vertices, as a graph has."));
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException(subject, List.copyOf(problems));
        }
        return new Configuration(json, fields.contains("vertices"));
    }

    private static void scan(JsonParser parser, Set<String> fields, Set<Problem> problems) throws IOException {
        int depth = 0;
        String field = "";
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token.isStructStart() && ++depth > DEEPEST) {
                problems.add(problem("it must be at most " + DEEPEST + " levels deep."));
                return;
            }
            if (token.isStructEnd()) {
                depth--;
            }
            if (token == JsonToken.FIELD_NAME) {
                field = parser.getText();
                if (depth == 1) {
                    fields.add(field);
                }
                continue;
            }
            if (field.equals(CLASS)) {
                String name = parser.getText();
                if (ALLOWED.stream().noneMatch(name::startsWith)) {
                    problems.add(problem("a class must be one of DL4J's or ND4J's configuration. Provided value: "
                            + Printable.of(name) + "."));
                }
            } else if (field.equals(WEIGHTS) && token != JsonToken.VALUE_NULL) {
                problems.add(problem("a loss must have no weights."));
            }
            field = "";
        }
    }

    private static Problem problem(String why) {
        return Problem.of(Entries.CONFIGURATION, why);
    }
}
