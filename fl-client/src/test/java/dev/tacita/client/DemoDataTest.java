package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.model.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemoDataTest {
    @Test
    void theBundledTablesReadWithVisibleSkewAndLackNothing() {
        Path folder = Datasets.DEMO.resolve("breast-cancer");
        List<SiteDataset> sites = Stream.of("north", "east", "south", "west")
                .map(site -> DatasetReader.read(folder.resolve("schema.yaml"), folder.resolve(site + ".csv")))
                .toList();
        assertThat(sites).allSatisfy(site -> {
            assertThat(site.inputShape()).isEqualTo(Shape.of(30));
            assertThat(site.warnings()).isEmpty();
        });
        assertThat(sites.stream().mapToInt(DemoDataTest::size)).containsExactly(220, 150, 120, 79);
        assertThat(sites.stream().map(DemoDataTest::share).toList()).isSorted();
        assertThat(share(sites.get(3)) - share(sites.get(0))).isGreaterThan(0.1);
    }

    @Test
    void theHeartDiseaseFilesGiveTheRowsAndInputsOfFlamby() {
        Path folder = Datasets.shared("heart-disease");
        Path schema = Datasets.DEMO.resolve("heart-disease/schema.yaml");
        List<SiteDataset> sites = Stream.of("cleveland", "hungarian", "switzerland", "va")
                .map(site -> DatasetReader.read(schema, folder.resolve(site + ".csv")))
                .toList();
        assertThat(sites).allSatisfy(site -> assertThat(site.inputShape()).isEqualTo(Shape.of(13)));
        assertThat(sites.stream()
                        .map(site -> List.of(site.train().size(), site.test().size())))
                .containsExactly(List.of(199, 104), List.of(172, 89), List.of(30, 16), List.of(85, 45));
    }

    @Test
    void mnistReadsFromItsGzippedFiles() {
        Path folder = Datasets.shared("mnist");
        SiteDataset mnist = DatasetReader.read(Datasets.DEMO.resolve("mnist/schema.yaml"), folder);
        assertThat(mnist.inputShape()).isEqualTo(Shape.of(1, 28, 28));
        assertThat(mnist.train().size() + mnist.validation().size()).isEqualTo(60_000);
        assertThat(mnist.classCounts(mnist.test()))
                .containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    }

    private static int size(SiteDataset site) {
        return site.train().size() + site.validation().size() + site.test().size();
    }

    private static double share(SiteDataset site) {
        return (double) site.classCounts(site.train()).get(1) / site.train().size();
    }
}
