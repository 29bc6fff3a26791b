package org.sab4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom: arrays below, the method in the middle, runs on top. */
class ArchitectureTest {
    private static final String KERNELS = "org.sab4j.kernels";
    private static final String VECTOR = "org.sab4j.kernels.vector..";
    private static final String CHECKPOINT = "org.sab4j.checkpoint..";
    private static final String DATA = "org.sab4j.data..";
    private static final String TABLE = "org.sab4j.table..";
    private static final String RUN = "org.sab4j.run..";
    private static final String SWEEP = "org.sab4j.sweep..";
    private static final String REPRODUCE = "org.sab4j.reproduce..";
    private static final String REPORT = "org.sab4j.report..";
    private static final String FIGURE = "org.sab4j.figure..";
    private static final String BOARD = "org.sab4j.tensorboard..";
    private static final String LIVE = "org.sab4j.live..";
    private static final String CLI = "org.sab4j.cli..";
    private static final String BENCH = "org.sab4j.bench..";
    private static final String JAVA = "java..";
    private static final String NULL_ANNOTATIONS = "org.jspecify..";

    /** The method: whatever is neither kernels nor data nor app nor bench, so that a new package is held to the rules at once. */
    private static final DescribedPredicate<JavaClass> CORE = resideInAPackage("org.sab4j..")
            .and(not(resideInAnyPackage(
                    KERNELS, VECTOR, DATA, TABLE, RUN, SWEEP, REPRODUCE, REPORT, FIGURE, BOARD, LIVE, CLI, BENCH)))
            .as("core");

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.sab4j");

    /** A rule about classes that were not found would hold of nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                KERNELS,
                VECTOR,
                "org.sab4j.model",
                "org.sab4j.checkpoint",
                DATA,
                TABLE,
                RUN,
                SWEEP,
                REPRODUCE,
                REPORT,
                FIGURE,
                BOARD,
                LIVE,
                CLI
            })
    void everyRoomIsSeen(String room) {
        assertThat(ALL.that(resideInAPackage(room))).isNotEmpty();
    }

    @Test
    void kernelsKnowNothing() {
        classes()
                .that()
                .resideInAPackage(KERNELS)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(KERNELS, JAVA, NULL_ANNOTATIONS)
                .check(ALL);
    }

    @Test
    void vectorKernelsKnowKernelsAndTheVectorApi() {
        classes()
                .that()
                .resideInAPackage(VECTOR)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        KERNELS, VECTOR, "jdk.incubator.vector..", "com.sun.management..", JAVA, NULL_ANNOTATIONS)
                .check(ALL);
    }

    @Test
    void coreKnowsKernelsAndNoThirdParty() {
        classes()
                .that(CORE)
                .should()
                .onlyDependOnClassesThat(CORE.or(resideInAnyPackage(KERNELS, JAVA, NULL_ANNOTATIONS)))
                .check(ALL);
    }

    @Test
    void dataKnowTheMethod() {
        classes()
                .that()
                .resideInAPackage(DATA)
                .should()
                .onlyDependOnClassesThat(CORE.or(resideInAnyPackage(DATA, KERNELS, JAVA, NULL_ANNOTATIONS)))
                .check(ALL);
    }

    /** DuckDB is seen nowhere else. */
    @Test
    void onlyTablesKnowTheirEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage(TABLE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.duckdb..", "java.sql..", "de.siegmar.fastcsv..")
                .check(ALL);
        classes()
                .that()
                .resideInAPackage(TABLE)
                .should()
                .onlyDependOnClassesThat(CORE.or(resideInAnyPackage(
                        TABLE,
                        KERNELS,
                        JAVA,
                        NULL_ANNOTATIONS,
                        "org.duckdb..",
                        "de.siegmar.fastcsv..",
                        "tools.jackson..")))
                .check(ALL);
    }

    @Test
    void coreKnowsNoNetwork() {
        noClasses()
                .that(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net..")
                .check(ALL);
    }

    @Test
    void onlyCheckpointsKnowTheFileSystem() {
        noClasses()
                .that(CORE.and(not(resideInAPackage(CHECKPOINT))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.nio.file..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File.*|RandomAccessFile)|java\\.nio\\.channels\\..*File.*")
                .check(ALL);
    }

    @Test
    void nothingKnowsTheAppOrTheBench() {
        noClasses()
                .that()
                .resideOutsideOfPackages(RUN, SWEEP, REPRODUCE, REPORT, FIGURE, BOARD, LIVE, CLI, BENCH)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(RUN, SWEEP, REPRODUCE, REPORT, FIGURE, BOARD, LIVE, CLI)
                .check(ALL);
        noClasses()
                .that()
                .resideOutsideOfPackage(BENCH)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BENCH)
                .check(ALL);
    }

    @Test
    void runsDoNotKnowWhoShowsThem() {
        noClasses()
                .that()
                .resideInAPackage(RUN)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SWEEP, REPRODUCE, REPORT, FIGURE, BOARD, LIVE, CLI)
                .check(ALL);
        noClasses()
                .that()
                .resideInAnyPackage(SWEEP, REPRODUCE, REPORT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FIGURE, BOARD, LIVE, CLI)
                .check(ALL);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("org.sab4j.(*)..").should().beFreeOfCycles().check(ALL);
    }
}
