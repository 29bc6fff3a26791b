package org.sab4j.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Debian's Chromium, driven by Playwright. Where one of them is missing tests are skipped, with the reason. */
final class Browsers {

    private static final List<String> CHROMIUM =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    private static final double PATIENCE = 30_000; // ms: the machine may have other work

    private Browsers() {}

    /** Playwright itself: a folder with node and with playwright-core as "package", which .ci/run makes. */
    static Playwright playwright() {
        String given = System.getenv("SAB4J_PLAYWRIGHT");
        Path driver = Path.of(given == null ? "../target/playwright" : given)
                .toAbsolutePath()
                .normalize();
        assumeTrue(
                Files.exists(driver.resolve("package/cli.js")) && Files.isExecutable(driver.resolve("node")),
                "no browser test: Playwright's driver is not in " + driver + " (.ci/run installs it)");
        assumeTrue(
                chromium().isPresent(),
                "no browser test: there is no Chromium in " + CHROMIUM + " (SAB4J_CHROMIUM names another)");
        System.setProperty("playwright.cli.dir", driver.toString());
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
        return Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    }

    private static Optional<Path> chromium() {
        return Stream.concat(Stream.ofNullable(System.getenv("SAB4J_CHROMIUM")), CHROMIUM.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A browser that asks nothing of anybody. */
    static Browser launch(Playwright playwright) {
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium().orElseThrow())
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }
}
