package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@code ./sab} itself, in a checkout of its own, with a Maven that builds a single empty file and a Java that says how it was called. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest extends ChildTest {

    private static final String PATH = String.valueOf(System.getenv("PATH"));

    private static final List<String> TOOLS = List.of(
            "cat",
            "cp",
            "date",
            "dirname",
            "find",
            "head",
            "ln",
            "ls",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "rmdir",
            "sleep",
            "tail",
            "touch");

    /** A checkout, the sources of which have always just changed. */
    private Path changing(String name) throws IOException {
        Path root = checkout(name);
        Files.setLastModifiedTime(
                root.resolve("pom.xml"), FileTime.from(Instant.now().plus(1, ChronoUnit.HOURS)));
        return root;
    }

    private Path checkout(String name) throws IOException {
        Path root = Files.createDirectories(folder.resolve(name));
        Files.copy(Path.of("../sab"), root.resolve("sab"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(root.resolve("sab4j-app/src/main"));
        Files.writeString(root.resolve("sab4j-app/pom.xml"), "");
        Files.writeString(root.resolve("pom.xml"), "");
        script(folder.resolve("tools/mvn"), "mkdir -p sab4j-app/target/lib && : >sab4j-app/target/lib/empty.jar");
        script(folder.resolve("jdk/bin/java"), "printf '%s\\n' \"$*\" \"$@\"; case $* in *hold) exec cat ;; esac");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        return root;
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process launch(Path root, String path, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(root.resolve("sab").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = prepared(command);
        builder.environment().put("JAVA25_HOME", folder.resolve("jdk").toString());
        builder.environment().put("PATH", folder.resolve("tools") + path);
        return start(builder);
    }

    private static Optional<Path> tool(String name) {
        return Stream.of(PATH.split(":", -1))
                .map(entry -> Path.of(entry, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Where the modules are that a Java was started with. */
    private static Path image(Process process) throws IOException {
        BufferedReader out = process.inputReader();
        Matcher called = Pattern.compile(".* -p (\\S+) -m .*").matcher(String.valueOf(out.readLine()));
        assertThat(called.matches()).isTrue();
        return Path.of(called.group(1));
    }

    @Test
    void aColonInThePath() throws Exception {
        Process process = launch(checkout("a:b"), ":" + PATH, "doctor");
        assertThat(end(1, process)).startsWith("sab: ").contains("colon").hasLineCount(1);
    }

    @Test
    void sourcesThatHaveNotChangedAreBuiltOnce() throws Exception {
        Path root = checkout("checkout");
        Process first = launch(root, ":" + PATH, "doctor");
        Path image = image(first);
        assertThat(end(0, first)).contains("building");
        Process next = launch(root, ":" + PATH, "doctor");
        assertThat(image(next)).isEqualTo(image);
        assertThat(end(0, next)).isEmpty();
        Files.setLastModifiedTime(
                root.resolve("sab4j-app/src/main"), FileTime.from(Instant.now().plus(1, ChronoUnit.HOURS)));
        Process changed = launch(root, ":" + PATH, "doctor");
        assertThat(image(changed)).isNotEqualTo(image);
        assertThat(end(0, changed)).contains("sources have changed");
    }

    @Test
    void aBuildThatFails() throws Exception {
        Path root = checkout("checkout");
        script(folder.resolve("tools/mvn"), "echo '[ERROR] there is no such artifact'; exit 1");
        assertThat(end(1, launch(root, ":" + PATH, "doctor")))
                .endsWith("[ERROR] there is no such artifact\nsab: the build failed, see above.\n");
        try (Stream<Path> left = Files.list(root.resolve("target/sab"))) {
            assertThat(left)
                    .extracting(file -> String.valueOf(file.getFileName()))
                    .isSubsetOf("build.log", "lock", "owner");
        }
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        Process process = launch(checkout("checkout"), ":" + PATH, "a b", "*", "$HOME", "it's");
        assertThat(process.inputReader().lines()).endsWith("a b", "*", "$HOME", "it's");
        end(0, process);
    }

    /** As a live view that stays open over many builds. */
    @Test
    void anImageStaysAsLongAsItIsInUse() throws Exception {
        assumeTrue(tool("flock").isPresent(), "there is no flock");
        Path root = changing("checkout");
        Process holding = launch(root, ":" + PATH, "hold");
        Path held = image(holding);
        for (int i = 0; i < 7; i++) {
            Process next = launch(root, ":" + PATH, "doctor");
            assertThat(image(next)).isNotEqualTo(held);
            end(0, next);
        }
        assertThat(held.resolve("empty.jar")).exists();
        holding.getOutputStream().close();
        holding.waitFor();
        end(0, launch(root, ":" + PATH, "doctor"));
        assertThat(held).doesNotExist();
        try (Stream<Path> images = Files.list(root.resolve("target/sab"))) {
            assertThat(images.filter(Files::isDirectory)).hasSize(6);
        }
    }

    /** As on macOS. */
    @Test
    void withoutFlock() throws Exception {
        Path root = changing("checkout");
        for (String name : TOOLS) {
            script(folder.resolve("tools/" + name), "exec " + tool(name).orElseThrow() + " \"$@\"");
        }
        Path owner = Files.createDirectories(root.resolve("target/sab")).resolve("owner");
        Process killed = start(List.of(tool("true").orElseThrow().toString()));
        killed.waitFor();
        Files.createSymbolicLink(owner, Path.of(String.valueOf(killed.pid())));
        end(0, launch(root, "", "doctor"));
        assertThat(Files.isSymbolicLink(owner)).isFalse();

        long other = ProcessHandle.current().pid();
        Files.createSymbolicLink(owner, Path.of(String.valueOf(other)));
        Process waiting = launch(root, "", "doctor");
        while (waiting.isAlive() && !output().contains("waiting")) {
            Thread.sleep(50);
        }
        Thread.sleep(1500); // it looks again in between
        assertThat(waiting.isAlive()).isTrue();
        Files.delete(owner);
        assertThat(end(0, waiting).lines().filter(line -> line.contains("waiting")))
                .singleElement()
                .asString()
                .contains("(process " + other + "; ", "delete " + owner);
    }
}
