package dev.tacita.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** Holds the arrows between the rooms. Think hard about the map in docs/architecture.md before changing this file. */
@AnalyzeClasses(packages = "dev.tacita", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("core", Set.of()),
            Map.entry("config", Set.of("core")),
            Map.entry("dp", Set.of("core")),
            Map.entry("engine", Set.of("core")),
            Map.entry("onnx", Set.of("core")),
            Map.entry("safetensors", Set.of("core")),
            Map.entry("secureagg", Set.of("core")),
            Map.entry("keys", Set.of("core", "config", "secureagg")),
            Map.entry("wire", Set.of("core")),
            Map.entry("kafkalocal", Set.of()),
            Map.entry("kafka", Set.of("core", "wire")),
            Map.entry("server", Set.of("core", "config", "dp", "wire", "keys", "secureagg")),
            Map.entry("client", Set.of("core", "config", "dp", "engine", "wire", "keys", "secureagg", "safetensors")),
            Map.entry("region", Set.of("core", "config", "wire", "server", "client")),
            Map.entry("simulations", Set.of("core", "config", "dp", "engine", "secureagg")),
            Map.entry("simulations.spark", Set.of("core", "client", "simulations")),
            Map.entry("testkit", Set.of("core", "wire")),
            Map.entry(
                    "cli",
                    Set.of(
                            "core",
                            "config",
                            "dp",
                            "engine",
                            "wire",
                            "keys",
                            "secureagg",
                            "kafka",
                            "kafkalocal",
                            "server",
                            "client",
                            "region",
                            "simulations")));

    @ArchTest
    void everyRoomUsesOnlyTheRoomsThatTheMapAllows(JavaClasses all) {
        Set<String> broken = new TreeSet<>();
        for (JavaClass origin : all) {
            String from = room(origin);
            origin.getDirectDependenciesFromSelf().forEach(dependency -> {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith("dev.tacita")) {
                    String to = room(target);
                    if (!to.equals(from)
                            && !MAY_USE.getOrDefault(from, Set.of()).contains(to)) {
                        broken.add(origin.getName() + " (" + from + ") uses " + target.getName() + " (" + to + ")");
                    }
                }
            });
        }
        assertThat(broken).as("arrows that the map does not have").isEmpty();
        assertThat(all.stream().map(ArchitectureTest::room).collect(Collectors.toSet()))
                .as("rooms that were looked at")
                .contains(
                        "core",
                        "config",
                        "dp",
                        "engine",
                        "onnx",
                        "safetensors",
                        "secureagg",
                        "keys",
                        "wire",
                        "kafka",
                        "kafkalocal",
                        "server",
                        "client",
                        "region",
                        "simulations",
                        "simulations.spark",
                        "cli");
    }

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.tacita.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule kafkaStaysUnderProtocol = noClasses()
            .that()
            .resideOutsideOfPackages("dev.tacita.kafka..", "dev.tacita.kafkalocal..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "kafka..");

    @ArchTest
    static final ArchRule jacksonStaysWhereBytesAreReadAndWritten = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.tacita.wire..",
                    "dev.tacita.server..",
                    "dev.tacita.client..",
                    "dev.tacita.cli..",
                    "dev.tacita.safetensors..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule protobufStaysWhereOnnxIsReadAndWritten = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tacita.onnx..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.google.protobuf..", "ai.onnx..");

    @ArchTest
    static final ArchRule parquetStaysWhereStudiesWriteTheirTables = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tacita.simulations..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.parquet..");

    @ArchTest
    static final ArchRule hipparchusStaysWherePrivacyIsAccounted = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tacita.dp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.hipparchus..");

    @ArchTest
    static final ArchRule bouncyCastleStaysWhereKeysAreAgreedOn = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tacita.secureagg..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bouncycastle..");

    @ArchTest
    static final ArchRule sparkStaysWhereStudiesRunOnAClusterOfIt = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tacita.simulations.spark..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "scala..");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes()
            .that(describe(
                    "live in a package of ours", type -> !type.getSimpleName().equals("package-info")))
            .should(com.tngtech.archunit.lang.conditions.ArchConditions.be(describe(
                    "in a null-marked package", type -> type.getPackage().isAnnotatedWith(NullMarked.class))));

    @ArchTest
    static final ArchRule nobodyThrowsGenericExceptions = GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

    @ArchTest
    static final ArchRule nobodyPrints = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule nobodySerialisesJavaObjects =
            noClasses().should().dependOnClassesThat().haveNameMatching("java\\.io\\.Object(Input|Output)Stream");

    private static String room(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.", -1);
        return type.getPackageName().startsWith("dev.tacita.simulations.spark")
                ? "simulations.spark"
                : parts.length > 2 ? parts[2] : "";
    }
}
