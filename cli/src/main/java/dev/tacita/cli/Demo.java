package dev.tacita.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A demonstration: which four sites, on which data, with which plan. */
enum Demo {
    BREAST_CANCER("breast-cancer", false, List.of("north", "east", "south", "west")),
    HEART_DISEASE("heart-disease", true, List.of("cleveland", "hungarian", "switzerland", "va")),
    MNIST("mnist", true, List.of("site-1", "site-2", "site-3", "site-4"));

    private static final List<String> IDX_FILES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");

    private final String title;
    private final boolean bringsNoData;
    private final List<String> sites;

    Demo(String title, boolean bringsNoData, List<String> sites) {
        this.title = title;
        this.bringsNoData = bringsNoData;
        this.sites = sites;
    }

    static Demo named(String name) {
        for (Demo demo : values()) {
            if (demo.title.equals(name)) {
                return demo;
            }
        }
        throw new UnusableException("there is no demo '" + name + "'. There are: breast-cancer, heart-disease, mnist.");
    }

    String title() {
        return title;
    }

    List<String> sites() {
        return sites;
    }

    /** The plan that comes with the demo. */
    String plan() throws IOException {
        return new String(resource("plan.yaml"), StandardCharsets.UTF_8);
    }

    /** The plan that hides single rows. */
    String privatePlan() throws IOException {
        if (this == MNIST) {
            throw new UnusableException("the demo mnist has no private plan; name one of your own with --plan.");
        }
        return new String(resource("private-plan.yaml"), StandardCharsets.UTF_8);
    }

    /** The plan, with no protection, under secure aggregation: any one of the four sites may drop out of a round. */
    String underSecureAggregation(String plan) {
        String protection = """
                protection:
                  secure-aggregation:
                    adversary: active
                    corrupted: 0
                    drop-outs: 1
                    stage-deadline: 15s
                    largest-value: 16
                    largest-weight: %d
                    bits: 28
                    modulus-bits: 32""".formatted(this == MNIST ? 20_000 : 1_000);
        return plan.replaceFirst("(?m)^protection: plain$", protection);
    }

    /** Puts a site's data, or a schema that points at the user's, into its folder; private ones keep rows apart. */
    void writeData(String site, Optional<Path> userData, boolean hidesRows, Path folder) throws IOException {
        String file = hidesRows && this != MNIST ? "private-schema.yaml" : "schema.yaml";
        String schema = new String(resource(file), StandardCharsets.UTF_8);
        if (!bringsNoData) {
            Files.write(folder.resolve("data.csv"), resource(site + ".csv"));
            Files.writeString(folder.resolve("schema.yaml"), schema + "data: data.csv\n");
        } else {
            Path data = userData.orElseThrow().toAbsolutePath().normalize();
            String place = "data: '" + data.toString().replace("'", "''");
            Files.writeString(
                    folder.resolve("schema.yaml"),
                    switch (this) {
                        case BREAST_CANCER -> throw new IllegalStateException("brings its data");
                        case HEART_DISEASE -> schema + place + "/" + site + ".csv'\n";
                        case MNIST ->
                            schema + place + "'\npartition: {sites: " + sites.size() + ", kind: iid, seed: 1, index: "
                                    + sites.indexOf(site) + "}\n";
                    });
        }
    }

    /** Refuses a missing or needless data folder before anything is started. */
    void check(Optional<Path> userData) {
        if (bringsNoData && userData.isEmpty()) {
            throw new UnusableException("the demo " + title + " needs --data: the folder with "
                    + (this == MNIST
                            ? "MNIST's four IDX files (train-images-idx3-ubyte.gz and so on)."
                            : "cleveland.csv, hungarian.csv, switzerland.csv and va.csv of UCI Heart Disease."));
        }
        if (!bringsNoData && userData.isPresent()) {
            throw new UnusableException("the demo " + title + " brings its data; leave --data away.");
        }
        userData.filter(folder -> !Files.isDirectory(folder)).ifPresent(folder -> {
            throw new UnusableException("--data must be a folder. Provided value: " + folder);
        });
        userData.ifPresent(this::checkFiles);
    }

    private void checkFiles(Path folder) {
        List<String> missing =
                switch (this) {
                    case BREAST_CANCER -> List.of();
                    case HEART_DISEASE ->
                        sites.stream()
                                .map(site -> site + ".csv")
                                .filter(file -> !Files.isRegularFile(folder.resolve(file)))
                                .toList();
                    case MNIST ->
                        IDX_FILES.stream()
                                .filter(file -> !Files.isRegularFile(folder.resolve(file))
                                        && !Files.isRegularFile(folder.resolve(file + ".gz")))
                                .map(file -> file + " (or " + file + ".gz)")
                                .toList();
                };
        if (!missing.isEmpty()) {
            throw new UnusableException("--data must hold the files of " + title + ". Provided value: " + folder
                    + ", which lacks " + String.join(", ", missing) + ".");
        }
    }

    private byte[] resource(String file) throws IOException {
        String path = "demo/" + title + "/" + file;
        try (InputStream in = Demo.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IOException("the distribution lacks " + path);
            }
            return in.readAllBytes();
        }
    }
}
