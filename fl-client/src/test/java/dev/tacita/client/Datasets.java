package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Examples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the tests of datasets share. */
final class Datasets {
    static final Path DEMO = repository().resolve("cli/src/main/resources/dev/tacita/cli/demo");

    private Datasets() {}

    /** The repository's own folder, from whichever module the tests run. */
    static Path repository() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("fl-client"))
                ? here
                : here.resolve("..").normalize();
    }

    /** A folder of data that the repository does not hold; the test skips itself where it is absent. */
    static Path shared(String name) {
        Path shared = Path.of(System.getProperty("tacita.shared", repository() + "/../shared"));
        Path folder = shared.resolve("data").resolve(name);
        assumeTrue(Files.isDirectory(folder), () -> "no folder of " + name + " beside the repository");
        return folder;
    }

    static float[] input(Examples examples, int index) {
        float[] input = new float[examples.inputShape().size()];
        examples.copyInput(index, input, 0);
        return input;
    }

    static float target(Examples examples, int index) {
        float[] target = new float[1];
        examples.copyTarget(index, target, 0);
        return target[0];
    }

    /** The problems, without the folder in their places. */
    static List<String> problems(Path folder, ThrowingCallable reading) {
        var exception = catchThrowableOfType(ProblemsException.class, reading);
        assertThat(exception).as("it must be refused").isNotNull();
        return exception.problems().stream()
                .map(Problem::toString)
                .map(text -> text.replace(folder + "/", ""))
                .toList();
    }
}
