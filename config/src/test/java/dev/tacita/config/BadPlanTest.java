package dev.tacita.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadPlanTest {
    static Stream<Arguments> damage() {
        return Stream.of(
                damage(
                        "rounds: 15",
                        "rouns: 15",
                        "plan.yaml:1:1 rounds: a value is required; there is no default.",
                        "plan.yaml:13:1 rouns: unknown key. Did you mean 'rounds'?"),
                damage(
                        "rounds: 15",
                        "rounds: 0",
                        "plan.yaml:13:9 rounds: must be a whole number from 1 to 1000000. Provided value: '0'."),
                damage(
                        "rounds: 15",
                        "rounds: ten",
                        "plan.yaml:13:9 rounds: must be a whole number from 1 to 1000000. Provided value: 'ten'."),
                damage(
                        "rounds: 15",
                        "rounds: '15'",
                        "plan.yaml:13:9 rounds: must be a whole number from 1 to 1000000. Provided value: the quoted text '15'."),
                damage(
                        "rounds: 15",
                        "rounds: 1.5",
                        "plan.yaml:13:9 rounds: must be a whole number from 1 to 1000000. Provided value: '1.5'."),
                damage("rounds: 15", "rounds:", "plan.yaml:13:8 rounds: this key has no value."),
                damage(
                        "rounds: 15",
                        "rounds: [15]",
                        "plan.yaml:13:9 rounds: must be a whole number from 1 to 1000000. Provided value: a list."),
                damage(
                        "rounds: 15",
                        "rounds: 15\nrounds: 16",
                        "plan.yaml:14:1 rounds: this key is given twice. The first is in line 13."),
                damage(
                        "protection: plain\n",
                        "",
                        "plan.yaml:1:1 protection: a value is required; there is no default."),
                damage(
                        "protection: plain",
                        "protection: plian",
                        "plan.yaml:17:13 protection: must be one of plain, secure-aggregation. Provided"
                                + " value: 'plian'. Did you mean 'plain'?"),
                damage(
                        "protection: plain",
                        "protection: secure-aggregation",
                        required("adversary"),
                        required("corrupted"),
                        required("drop-outs"),
                        required("largest-value"),
                        required("largest-weight"),
                        required("bits"),
                        required("modulus-bits")),
                damage(
                        "protection: plain",
                        "protection: {secure-aggregation: {adversary: nice, corrupted: -1, drop-outs: 1, largest-value: 0,"
                                + " largest-weight: 0, bits: 1, modulus-bits: 48}}",
                        "plan.yaml:17:46 protection.secure-aggregation.adversary: must be one of curious, semi-malicious,"
                                + " active. Provided value: 'nice'.",
                        "plan.yaml:17:63 protection.secure-aggregation.corrupted: must be a whole number >= 0."
                                + " Provided value: '-1'.",
                        "plan.yaml:17:96 protection.secure-aggregation.largest-value: must be a number > 0. Provided value:"
                                + " '0'. The largest magnitude of a value of an update; a site whose update has a larger one"
                                + " has no part in the round.",
                        "plan.yaml:17:115 protection.secure-aggregation.largest-weight: must be a whole number >= 1."
                                + " Provided value: '0'.",
                        "plan.yaml:17:124 protection.secure-aggregation.bits: must be a whole number from 2 to 32. Provided"
                                + " value: '1'."),
                damage(
                        "protection: plain",
                        secure("bits: 31, modulus-bits: 32", 1),
                        "plan.yaml:1:1: protection.bits: a sum could wrap: sites x 2^bits must be <= 2^modulus-bits. Provided"
                                + " values: 4 x 2^31, 2^32. Use fewer bits or the larger modulus."),
                damage(
                        "protection: plain",
                        secure("bits: 28, modulus-bits: 32", 2),
                        "plan.yaml:1:1: protection.drop-outs: a round of 4 sites needs 3 of them to the end (quorum 3,"
                                + " threshold 3), so at most 1 may drop out. Provided value: 2. Wait for more sites, or"
                                + " tolerate fewer."),
                damage(
                        "protection: plain\nprivacy: none",
                        secure("bits: 28, modulus-bits: 32", 1)
                                + "\nprivacy: {federation: {clip: 1, noise-multiplier: 1, delta: 0.001, accountant: pld}}",
                        "plan.yaml:1:1: privacy.federation.accountant: must be 'rdp' under secure aggregation: the sites add"
                                + " shares of discrete noise, for which 'pld' has no loss distribution. Count by 'rdp'."),
                damage(
                        "protection: plain",
                        secure("bits: 10, modulus-bits: 32", 1),
                        "plan.yaml:1:1: protection.largest-weight: must be <= 2^(bits - 1) - 1, as the weights are summed"
                                + " too. Provided values: 1000, 10 bits. Use more bits."),
                damage("privacy: none\n", "", "plan.yaml:1:1 privacy: a value is required; there is no default."),
                damage(
                        "privacy: none",
                        "privacy: {examples: {clip: {flat: {norm: 1}}, epsilon: 0}}",
                        "plan.yaml:18:21 privacy.examples.delta: a value is required; there is no default.",
                        "plan.yaml:18:56 privacy.examples.epsilon: must be a number > 0. Provided value: '0'. 1 to 8 is"
                                + " usual; no noise is enough for 0. To add none, say 'privacy: none'."),
                damage(
                        "privacy: none",
                        "privacy: {site: {clip: .nan, noise-multiplier: -1, delta: 1}}",
                        "plan.yaml:18:24 privacy.site.clip: must be a number > 0. Provided value: '.nan'. 1 is usual; the"
                                + " noise grows with it, and what is longer is scaled down.",
                        "plan.yaml:18:48 privacy.site.noise-multiplier: must be a number > 0. Provided value: '-1'. 1 is"
                                + " usual; give 'epsilon' to have it found. To add none, say 'privacy: none'.",
                        "plan.yaml:18:59 privacy.site.delta: must be a number > 0 and < 1. Provided value: '1'. Take less"
                                + " than one over the number of training rows."),
                damage(
                        "privacy: none",
                        "privacy: {federation: {clip: 1, delta: 0.001}}",
                        "plan.yaml:18:23 privacy.federation: exactly one of noise-multiplier and epsilon must be given."),
                damage("quorum: 3", "quorum: 5", "plan.yaml:1:1: sites must be >= 5. Provided value: 4."),
                damage(
                        "deadline: 60s",
                        "deadline: 60",
                        "plan.yaml:16:11 deadline: must be a time such as 30s, 5m or 2h, from 1s to 30d. Provided value: '60'."),
                damage(
                        "deadline: 60s",
                        "deadline: 10ms",
                        "plan.yaml:16:11 deadline: must be a time such as 30s, 5m or 2h, from 1s to 30d. Provided value: '10ms'."),
                damage(
                        "learning-rate: 0.001",
                        "learning-rate: -1",
                        "plan.yaml:12:38 algorithm.fedavg.optimizer.sgd.learning-rate: must be a number > 0. Provided value: '-1'."),
                damage(
                        "learning-rate: 0.001",
                        "learning-rate: 0.001, nesterov: true",
                        "plan.yaml:12:22 algorithm.fedavg.optimizer.sgd: nesterov needs a momentum > 0. Provided value: 0.0."),
                damage(
                        "learning-rate: 0.001",
                        "learningrate: 0.001",
                        "plan.yaml:12:22 algorithm.fedavg.optimizer.sgd.learning-rate: a value is required; there is no default.",
                        "plan.yaml:12:23 algorithm.fedavg.optimizer.sgd.learningrate: unknown key. Did you mean 'learning-rate'?"),
                damage(
                        "    steps: 100\n",
                        "    steps: 100\n    epochs: 1\n",
                        "plan.yaml:10:5 algorithm.fedavg: exactly one of epochs and steps must be given."),
                damage(
                        "    steps: 100\n",
                        "",
                        "plan.yaml:10:5 algorithm.fedavg: exactly one of epochs and steps must be given."),
                damage(
                        "  fedavg:\n",
                        "  boosted-trees:\n    trees: 9\n",
                        "plan.yaml:9:3 algorithm: boosted-trees needs a model that live runs do not have, and is simulated only. Use one of "
                                + String.join(", ", RunPlanReader.algorithmNames()) + ", or 'tacita simulate'."),
                damage(
                        "  fedavg:\n",
                        "  hierarchical:\n    edge-rounds: 2\n    regions: by-data\n",
                        "plan.yaml:11:14 algorithm.hierarchical.regions: the regions of a live run are its sites: each is a"
                                + " federation of its own, whose sites join it. Leave 'regions' out, and start 'tacita region'"
                                + " for each; studies name regions here."),
                damage(
                        "  fedavg:\n",
                        "  hierarchical:\n    edge-rounds: 2\n    part-of: {run: Heart, round: 9, rounds: 7, model: abc}\n",
                        "plan.yaml:11:20 algorithm.hierarchical.part-of.run: run id must be 1 to 63 lower-case letters, digits and"
                                + " inner hyphens. Provided value: 'Heart'."),
                damage(
                        "  fedavg:\n",
                        "  hierarchical:\n    edge-rounds: 2\n    part-of: {run: heart-1, round: 9, rounds: 7, model: abc}\n",
                        "plan.yaml:11:14 algorithm.hierarchical.part-of: round must be 1 to 8, which is the evaluation after 7"
                                + " rounds. Provided value: 9."),
                damage(
                        "  fedavg:\n",
                        "  hierarchical:\n    edge-rounds: 2\n    part-of: {run: heart-1, round: 7, rounds: 7, model: abc}\n",
                        "plan.yaml:11:14 algorithm.hierarchical.part-of: model must be a SHA-256, 64 lower-case hexadecimal"
                                + " digits. Provided value: abc."),
                damage(
                        "  fedavg:\n",
                        "  hierarchical:\n    edge-rounds: 2\n    part-of: {run: heart-1, round: 7, rounds: 7, model: '"
                                + "0".repeat(64) + "'}\n",
                        "plan.yaml:1:1: rounds: a region's part has as many rounds as edge-rounds says, 2. Provided value: 15."),
                damage(
                        "  fedavg:\n",
                        "  fedavgg:\n",
                        "plan.yaml:9:3 algorithm: must be one of " + String.join(", ", RunPlanReader.algorithmNames())
                                + ". Provided value: 'fedavgg'. Did you mean 'fedavg'?"),
                damage(
                        "batch-size: 4",
                        "batch-size: every",
                        "plan.yaml:11:17 algorithm.fedavg.batch-size: must be a whole number >= 1, or all. Provided value: 'every'."),
                damage(
                        "{sgd: {learning-rate: 0.001}}",
                        "{sdg: {learning-rate: 0.001}}",
                        "plan.yaml:12:16 algorithm.fedavg.optimizer: must be one of sgd, adam, adamw, yogi, rmsprop, adagrad. Provided value: 'sdg'. Did you mean 'sgd'?"),
                damage(
                        "- dense: {units: 1, initializer: fan-in-uniform}",
                        "- dence: {units: 1}",
                        "plan.yaml:6:7 model.layers[1]: must be one of " + String.join(", ", RunPlanReader.layerNames())
                                + ". Provided value: 'dence'. Did you mean 'dense'?"),
                damage(
                        "- dense: {units: 1, initializer: fan-in-uniform}",
                        "- dense",
                        "plan.yaml:6:7 model.layers[1].units: a value is required; there is no default."),
                damage(
                        "- dense: {units: 1, initializer: fan-in-uniform}",
                        "- relu: 3",
                        "plan.yaml:6:13 model.layers[1].relu: must be a section of 'key: value' lines. Provided value: '3'."),
                damage(
                        "- dense: {units: 1, initializer: fan-in-uniform}",
                        "- max-pool2d: {kernel: [2, 2, 2]}",
                        "plan.yaml:6:28 model.layers[1].max-pool2d.kernel: must be [height, width]. Provided value: [2, 2, 2]."),
                damage(
                        "- dense: {units: 1, initializer: fan-in-uniform}",
                        "- relu\n    - max-pool2d: {kernel: 2}",
                        "plan.yaml:7:7 model.layers[2]: its input must be an image (channels, height, width). Provided shape: [13]."),
                damage(
                        "input: [13]",
                        "input: [1, 1, 13]",
                        "plan.yaml:6:7 model.layers[1]: its input must be a vector, or a sequence (steps, features); put a flatten before it. Provided shape: [1, 1, 13]."),
                damage(
                        "input: [13]",
                        "input: [2147483647]",
                        "plan.yaml:4:3 model: a model must have at most 2147483647 parameters."),
                damage(
                        "dense: {units: 1,",
                        "dense: {units: 2147483647,",
                        "plan.yaml:4:3 model: a model must have at most 2147483647 parameters."),
                damage(
                        "name: heart-disease",
                        "name: \"a\\tb\"",
                        "plan.yaml:1:7 name: must be 1 to 200 printable characters in one line. Provided value: the quoted text 'a?b'."),
                damage(
                        "seed: 42",
                        "seed: 99999999999999999999",
                        "plan.yaml:19:7 seed: must be a whole number of 64 bits. Provided value: '99999999999999999999'."),
                damage(
                        "seed: 42",
                        "seed: 42\nencoding: {fraction-bits: 32, limit: 63}",
                        "plan.yaml:20:11 encoding: limit must be a power of two >= 1. Provided value: 63."),
                damage(
                        "seed: 42",
                        "seed: &a 42",
                        "plan.yaml:19:7: anchors and aliases (& and *) are not allowed. Write the value out."),
                damage(
                        "seed: 42",
                        "seed: !!int 42",
                        "plan.yaml:19:7: tags are not allowed. Provided value: 'tag:yaml.org,2002:int'."),
                damage("seed: 42", "seed: 42\n---\nseed: 43", "plan.yaml:21:1: a file must hold one YAML document."),
                damage(
                        "seed: 42",
                        "seed: [42",
                        "plan.yaml:20:1: this is not YAML: expected ',' or ']', but got <stream end>."),
                damage(
                        "seed: 42",
                        "seed: @",
                        "plan.yaml:19:7: this is not YAML: found character '@' that cannot start any token.."));
    }

    private static String required(String key) {
        return "plan.yaml:17:13 protection." + key + ": a value is required; there is no default.";
    }

    private static String secure(String numbers, int dropOuts) {
        return "protection: {secure-aggregation: {adversary: active, corrupted: 1, drop-outs: " + dropOuts
                + ", largest-value: 4, largest-weight: 1000, " + numbers + "}}";
    }

    private static Arguments damage(String from, String to, String... problems) {
        return Arguments.of(from, to, List.of(problems));
    }

    @ParameterizedTest
    @MethodSource("damage")
    void aBadPlanIsRefusedWithPlaceRuleAndValue(String from, String to, List<String> problems) {
        assertThat(PlanSamples.HEART).contains(from);
        assertThat(problems(PlanSamples.HEART.replace(from, to))).isEqualTo(problems);
    }

    @Test
    void aPlanWhoseRoundsAreBuffersSaysEverythingThatDoesNotGoWithThem() {
        String plan = PlanSamples.HEART
                .replace("  fedavg:\n", "  fedbuff:\n    buffer: 5\n    concurrency: 4\n")
                .replace("quorum: 3", "quorum: 3\ncohort-fraction: 0.5")
                .replace("protection: plain", secure("bits: 28, modulus-bits: 32", 0))
                .replace(
                        "privacy: none",
                        "privacy: {site: {clip: 1, noise-multiplier: 1, delta: 0.001, accountant: rdp}}");
        assertThat(problems(plan))
                .containsExactly(
                        "plan.yaml:1:1: algorithm: live, sites begin when a round opens, and no more than concurrency are at"
                                + " work, so that buffer must be <= concurrency. Provided values: 5 and 4. Give a smaller"
                                + " buffer or a larger concurrency.",
                        "plan.yaml:1:1: quorum: with fedbuff a round waits for as many contributions as its buffer holds, 5."
                                + " Provided value: 3. Give the buffer's number here too.",
                        "plan.yaml:1:1: cohort-fraction: with fedbuff concurrency says how many sites are asked. Provided"
                                + " value: 0.5. Leave it out.",
                        "plan.yaml:1:1: protection: fedbuff counts each contribution by how late it is, which needs them one"
                                + " by one. Use 'protection: plain', or an algorithm whose rounds have cohorts.",
                        "plan.yaml:1:1: privacy: with fedbuff how often a site is asked follows from its pace, for which"
                                + " nothing accounts. Use 'privacy: none', or an algorithm whose rounds have cohorts.");
    }

    private static List<String> problems(String text) {
        var exception = catchThrowableOfType(ProblemsException.class, () -> RunPlanReader.read("plan.yaml", text));
        return exception.problems().stream().map(Problem::toString).toList();
    }
}
