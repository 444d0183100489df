package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkewTest {
    private static final SeedStream SEEDS = SeedStream.of(7);
    private static final Examples ROWS = Samples.rows(400, 3, 1);

    private static float[] input(Examples rows, int index) {
        float[] input = new float[rows.inputShape().size()];
        rows.copyInput(index, input, 0);
        return input;
    }

    private static int label(Examples rows, int index) {
        float[] label = new float[1];
        rows.copyTarget(index, label, 0);
        return (int) label[0];
    }

    @Test
    void noiseGrowsFromSiteToSiteAndIsTheSameWheneverARowIsRead() {
        for (int site : new int[] {0, 3}) {
            Examples noisy = new Skew.Noise(2).at(site, 4, 3, ROWS, SEEDS);
            double squares = 0;
            for (int i = 0; i < ROWS.size(); i++) {
                assertThat(input(noisy, i)).isEqualTo(input(noisy, i));
                assertThat(label(noisy, i)).isEqualTo(label(ROWS, i));
                for (int j = 0; j < Samples.WIDTH; j++) {
                    double difference = input(noisy, i)[j] - input(ROWS, i)[j];
                    squares += difference * difference / (ROWS.size() * Samples.WIDTH);
                }
            }
            double deviation = 2 * (site + 1) / 4.0;
            assertThat(Math.sqrt(squares)).isCloseTo(deviation, within(.1 * deviation));
        }
    }

    @Test
    void aQuarterTurnIsExactAndTheSitesBetweenTurnLess() {
        float[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        Examples image = new ArrayExamples(Shape.of(1, 3, 3), 1, pixels, new float[] {0});
        Skew.Rotation quarter = new Skew.Rotation(90);
        assertClose(input(quarter.at(2, 3, 3, image, SEEDS), 0), 7, 4, 1, 8, 5, 2, 9, 6, 3);
        assertClose(input(quarter.at(0, 3, 3, image, SEEDS), 0), 3, 6, 9, 2, 5, 8, 1, 4, 7);
        assertClose(input(quarter.at(1, 3, 3, image, SEEDS), 0), 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertClose(input(quarter.at(0, 1, 3, image, SEEDS), 0), 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(new Skew.Rotation(45).problemsWith(Models.logisticRegression(5, 3), new Loss.SoftmaxCrossEntropy()))
                .hasSize(1);
    }

    private static void assertClose(float[] values, float... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(values[i]).as("pixel " + i).isCloseTo(expected[i], within(1e-5f));
        }
    }

    @Test
    void unitsDifferByInputAndSite() {
        Set<Float> factors = new HashSet<>();
        for (int site = 0; site < 3; site++) {
            Examples scaled = new Skew.Scaling(.5).at(site, 3, 3, ROWS, SEEDS);
            for (int j = 0; j < Samples.WIDTH; j++) {
                float factor = input(scaled, 0)[j] / input(ROWS, 0)[j];
                factors.add(factor);
                for (int i = 0; i < 50; i++) {
                    assertThat(input(scaled, i)[j]).isCloseTo(factor * input(ROWS, i)[j], within(1e-4f));
                }
            }
        }
        assertThat(factors).hasSize(3 * Samples.WIDTH);
    }

    @Test
    void groupsOfSitesCallEveryClassAnother() {
        int groups = 3;
        int[] members = new int[groups];
        Set<String> names = new HashSet<>();
        for (int site = 0; site < 9; site++) {
            Examples shifted = new Skew.ConceptShift(groups).at(site, 9, 3, ROWS, SEEDS);
            String name = "" + label(shifted, 0) + label(shifted, 1) + label(shifted, 2);
            names.add(name);
            boolean kept = name.equals("012");
            members[kept ? 0 : 1]++;
            for (int i = 0; i < ROWS.size(); i++) {
                assertThat(label(shifted, i)).isEqualTo(name.charAt(i % 3) - '0');
                assertThat(label(shifted, i) == label(ROWS, i)).isEqualTo(kept);
            }
        }
        assertThat(members).containsExactly(3, 6, 0);
        assertThat(names).hasSize(3);
    }

    @Test
    void skewsComposeAndReachTheTestRowsOfSitesOnly() {
        Population dealt = Population.dealt(ROWS, Samples.rows(30, 3, 2), new Dirichlet(.5, 3), 4, 1);
        List<Skew> both = List.of(new Skew.Noise(1), new Skew.ConceptShift(2));
        Population skewed = dealt.skewed(both, 1);
        assertThat(Samples.text(skewed.tests().get(0)))
                .isEqualTo(Samples.text(dealt.tests().get(0)));
        assertThat(Samples.text(skewed.train(1))).isNotEqualTo(Samples.text(dealt.train(1)));
        assertThat(skewed.fingerprint())
                .isNotEqualTo(dealt.fingerprint())
                .isNotEqualTo(dealt.skewed(List.of(both.get(0)), 1).fingerprint())
                .isNotEqualTo(dealt.skewed(both, 2).fingerprint());
        Population natural =
                Population.natural(Map.of(new SiteId("a"), Samples.dataset(ROWS, ROWS.select(new int[] {1, 2}))));
        assertThat(Samples.text(natural.skewed(both, 1).tests().get(0)))
                .isNotEqualTo(Samples.text(natural.tests().get(0)));
    }

    @Test
    void aStudyNamesSkewsAndShowsThem(@TempDir Path folder) throws Exception {
        String text = StudyTest.TWELVE_CELLS
                .replace("partition: iid}", "partition: iid, skews: [{noise: {largest: 1}}, {scaling: {spread: 0.5}}]}")
                .replace("smallest: 3}}}", "smallest: 3}}, skews: [{concept-shift: {groups: 2}}]}")
                .replace("[1, 2, 3]", "[1]");
        Study study = StudyTest.study(folder, text);
        StudyTest.run(study, folder.resolve("out"), 1);
        assertThat(Files.readString(folder.resolve("out/figures/inputs-alike.svg")))
                .contains("mean of each input", "deviation of each input", "site-5");
        assertThat(Files.readString(folder.resolve("out/report.html")))
                .contains("skew noise; skew scaling", "skew concept-shift", "mean and deviation of each input");
        StudyTest.run(study, folder.resolve("again"), 2);
        assertThat(Files.readString(folder.resolve("again/results.csv")))
                .isEqualTo(Files.readString(folder.resolve("out/results.csv")));
        assertThatThrownBy(() -> StudyTest.study(folder, text.replace("noise: {largest: 1}", "rotation: {degrees: 9}")))
                .hasMessageContaining("alike, fedavg: rotation: inputs must be images");
    }

    @Test
    void theFirstImageOfEachSiteIsShown() {
        float[] pixels = new float[8 * 4 * 4];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i % 7;
        }
        Examples images = new ArrayExamples(Shape.of(1, 4, 4), 1, pixels, new float[8]);
        Population sites = Population.dealt(images, images, new Iid(), 4, 1).skewed(List.of(new Skew.Rotation(30)), 1);
        assertThat(InputPicture.of(sites).split("<image ")).hasSize(5);
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertThatThrownBy(() -> new Skew.Noise(0)).hasMessage("largest must be > 0 and finite. Provided value: 0.0");
        assertThatThrownBy(() -> new Skew.Rotation(181)).hasMessageContaining("degrees must be > 0 and <= 180");
        assertThatThrownBy(() -> new Skew.Scaling(-1)).hasMessageContaining("spread must be > 0");
        assertThatThrownBy(() -> new Skew.ConceptShift(1)).hasMessageContaining("groups must be >= 2");
    }
}
