package org.sab4j.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.util.DefaultLocale;
import org.sab4j.live.LiveServer;
import org.sab4j.report.Report;
import org.sab4j.report.RunView;
import org.sab4j.run.RunException;
import org.sab4j.run.RunFolder;
import org.sab4j.run.Small;
import org.sab4j.train.TrainEvent;

/** The report and the live view in a real browser. */
@Timeout(300)
@DefaultLocale("en") // of others Playwright finds some of its own names only
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {

    private @Nullable Playwright playwright;
    private @Nullable Browser browser;
    private Path folder = Path.of("");
    private Path trained = Path.of("");

    private final List<String> errors = new ArrayList<>();

    @BeforeAll
    void start(@TempDir Path temporary) throws RunException, IOException {
        folder = temporary;
        Playwright started = Browsers.playwright();
        playwright = started;
        browser = Browsers.launch(started);
        trained = folder.resolve("trained");
        Small.train(trained, event -> {}, "--updates=60");
    }

    @AfterAll
    void end() {
        if (playwright != null) {
            playwright.close();
        }
    }

    /** Whatever a test does, the console stays empty. A page that a failed test has left says no more in the next one. */
    @AfterEach
    void noErrors() {
        if (browser != null) {
            List.copyOf(browser.contexts()).forEach(BrowserContext::close);
        }
        List<String> found = List.copyOf(errors);
        errors.clear();
        assertThat(found).isEmpty();
    }

    private Page page(int width, ColorScheme scheme) {
        if (browser == null) {
            throw new IllegalStateException("no browser");
        }
        BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(width, 900).setColorScheme(scheme));
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                errors.add(message.text());
            }
        });
        page.onPageError(errors::add);
        return page;
    }

    private static Path report(Path run, int sequences) throws RunException {
        RunView view = RunView.read(run);
        if (sequences > 0) {
            view.explain(sequences, Small.KERNELS);
        }
        Path file = run.resolve(RunFolder.REPORT);
        Report.write(file, List.of(view));
        return file;
    }

    /** How much of a chart is not its background. */
    private static int drawn(Page page, String chart) {
        return ((Number) page.evaluate("""
                        id => {
                          const canvas = document.querySelector(`#chart-${id} canvas`);
                          const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                          let drawn = 0;
                          for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 0) drawn++;
                          return drawn;
                        }""", chart)).intValue();
    }

    private static boolean overflows(Page page) {
        return (Boolean) page.evaluate("() => document.documentElement.scrollWidth > innerWidth");
    }

    @Test
    void theReportFromTheFileSystem() throws RunException {
        Path file = report(trained, 2);
        Page page = page(1200, ColorScheme.LIGHT);
        List<String> asked = new ArrayList<>();
        page.onRequest(request -> asked.add(request.url()));
        page.navigate(file.toUri().toString());
        assertThat(page.locator("h1")).hasText("trained");
        for (String chart : List.of("loss", "accuracy", "gradNorm")) {
            assertThat(drawn(page, chart)).as(chart).isGreaterThan(2000);
        }
        assertThat(page.locator("#attention h2")).hasText("Attention over training");
        assertThat(page.locator("#attention canvas").first()).isVisible();
        assertThat(page.locator("#attention label")).hasText("6 of the evaluations");
        assertThat(page.locator(".card:has(#chart-loss) button")).hasText("log");
        assertThat(page.locator(".card:has(#chart-accuracy) button")).hasCount(0);
        assertThat(page.locator("#tables")).containsText("k-trunc");
        page.locator("button[data-key=seconds]").click();
        assertThat(page.locator("button[data-key=seconds]")).hasAttribute("aria-pressed", "true");
        page.locator("#chart-loss canvas").hover();
        assertThat(page.locator("#chart-loss")).containsText("update");
        assertThat(asked).allSatisfy(url -> assertThat(url).matches("(file|data):.*"));
    }

    @Test
    void remindersByMouse() throws RunException {
        Page page = page(1200, ColorScheme.LIGHT);
        page.navigate(report(trained, 2).toUri().toString());
        Locator panel = page.locator("#explorer .panel");
        page.locator("[data-step='24'] .hit").click();
        assertThat(panel).containsText("Step 24");
        String title = page.locator("[data-step='24'] title").textContent();
        assertThat(title).contains("step 24", "says", "reminded of");
        Locator follow = panel.locator("[data-follow]").first();
        String reminder = follow.getAttribute("data-follow");
        follow.click();
        assertThat(panel.locator(".trail")).hasText(Pattern.compile("step 24 → step " + reminder));
        assertThat(page.locator(".arc.hop")).hasCount(1);
        page.locator("button[data-key=without]").click();
        int without = page.locator("rect.credit").count();
        page.locator("button[data-key=with]").click();
        assertThat(page.locator("rect.credit").count()).isGreaterThan(without);
        page.locator("button[data-key='1']").click();
        assertThat(page.locator("#explorer svg").first()).hasAttribute("aria-label", Pattern.compile("sequence 2.*"));
    }

    @Test
    void remindersByKeys() throws RunException {
        Page page = page(1200, ColorScheme.LIGHT);
        page.navigate(report(trained, 1).toUri().toString());
        page.keyboard().press("Tab");
        assertThat(page.locator(".skip")).isFocused();
        Locator stage = page.locator("#explorer .stage");
        stage.focus();
        page.keyboard().press("End");
        Locator panel = page.locator("#explorer .panel");
        assertThat(panel).containsText("Step 24");
        page.keyboard().press("ArrowLeft");
        assertThat(panel).containsText("Step 23");
        page.keyboard().press("Enter");
        assertThat(panel.locator(".trail")).hasText(Pattern.compile("step 23 → step [0-9]+"));
        panel.locator(".trail button").first().press("Enter");
        assertThat(panel.locator(".trail")).hasText("step 23");
        assertThat(stage).isFocused(); // where the arrow keys work
        page.keyboard().press("Enter");
        page.keyboard().press("Backspace");
        assertThat(panel.locator(".trail")).hasText("step 23");
        page.keyboard().press("Escape");
        assertThat(panel).containsText("Choose a step");
    }

    /** What the page works out itself. */
    @Test
    void severalRunsSideBySide() throws Exception {
        List<RunView> views = new ArrayList<>();
        for (String own : List.of("--seed=1", "--seed=2", "--k-top=1")) {
            Path run = folder.resolve("several/" + own.substring(2));
            Small.train(run, event -> {}, "--updates=20", own);
            views.add(RunView.read(run));
        }
        Path file = folder.resolve("several.html");
        Report.write(file, views);
        double[] accuracy = views.stream()
                .mapToDouble(
                        view -> Objects.requireNonNull(view.history().best().get("accuracy")))
                .toArray();
        double mean = (accuracy[0] + accuracy[1]) / 2;
        double deviation = Math.abs(accuracy[0] - accuracy[1]) / Math.sqrt(2);

        Page page = page(1200, ColorScheme.LIGHT);
        page.navigate(file.toUri().toString());
        Locator rows = page.locator("#tables table").first().locator("tbody tr");
        assertThat(rows).hasCount(2);
        assertThat(rows.nth(0).locator("td")).containsText(new String[] {
            "k-top 5", "2", "2", String.format(Locale.ROOT, "%.2f %% ± %.2f %%", 100 * mean, 100 * deviation)
        });
        assertThat(rows.nth(1).locator("td")).containsText(new String[] {
            "k-top 1", "1", "1", String.format(Locale.ROOT, "%.2f %%", 100 * accuracy[2])
        });
        assertThat(rows.nth(1)).not().containsText("±");
        assertThat(drawn(page, "accuracy")).isGreaterThan(2000);
    }

    /** The report of a run, one step of which is chosen. */
    private Page chosen(Path run, int step) throws RunException {
        Page page = page(1200, ColorScheme.LIGHT);
        page.navigate(report(run, 2).toUri().toString());
        page.locator("[data-step='" + step + "'] .hit").dispatchEvent("click");
        assertThat(page.locator("#explorer .panel")).containsText("Step " + step);
        return page;
    }

    @Test
    void remindersOfNumbers() throws Exception {
        Path run = folder.resolve("adding");
        Small.trainOn(
                "adding", run, "--length=6", "--hidden=4", "--batch=4", "--updates=2", "--evaluation-sequences=8");
        Page page = chosen(run, 6);
        assertThat(page.locator("#explorer .panel"))
                .hasText(Pattern.compile(".*Step 6, input number [-0-9.]+.*, says [-0-9.]+, target [0-9.]+.*"));
        assertThat(page.locator("#explorer .labels div")).hasText(new String[] {"number", "mark"});
        page.locator("#explorer select").selectOption("6");
    }

    @Test
    void remindersOfATable() throws Exception {
        StringBuilder table = new StringBuilder("machine,minute,load,event,outcome\n");
        for (int m = 0; m < 30; m++) {
            for (int minute = 1; minute <= 8; minute++) {
                table.append(String.format(
                        Locale.ROOT,
                        "M%d,%d,%s,%s,%s%n",
                        m,
                        minute,
                        minute == 3 ? "" : String.valueOf(1000 + 10 * (m + minute)),
                        minute % 2 == 0 ? "valve" : "door",
                        m % 2 == 0 ? "fine" : "fault"));
            }
        }
        Path data = Files.writeString(folder.resolve("table.csv"), table);
        Path run = folder.resolve("classify");
        Small.trainOn(
                "classify",
                run,
                "--data=" + data,
                "--sequence=machine",
                "--order=minute",
                "--target=outcome",
                "--hidden=4",
                "--batch=8",
                "--updates=2");
        Page page = chosen(run, 8);
        Locator panel = page.locator("#explorer .panel");
        assertThat(panel)
                .hasText(Pattern.compile(".*input .*load 1[0-9]{3}\\b.*valve.*, says (fine|fault), target .*"));
        page.keyboard().press("Tab");
        page.locator("#explorer .stage").press("ArrowLeft");
        assertThat(panel).containsText("Step 7");
        page.locator("[data-step='3'] .hit").dispatchEvent("click");
        assertThat(panel).containsText("load missing");
    }

    /** The image itself, and over it what was looked back at and where credit went. */
    @Test
    void remindersOfAnImage() throws Exception {
        Path images = Files.createDirectories(folder.resolve("data/mnist"));
        Small.images(images, "train", 24);
        Small.images(images, "t10k", 10);
        Path run = folder.resolve("mnist");
        Small.trainOn(
                "mnist",
                run,
                "--data=" + images.getParent(),
                "--validation=8",
                "--hidden=4",
                "--batch=8",
                "--k-att=2",
                "--k-trunc=4",
                "--epochs=1");
        Page page = chosen(run, 15);
        assertThat(page.locator("#explorer .panel")).containsText("pixel 15");
        Locator pictures = page.locator("#explorer .pictures figure");
        assertThat(pictures).hasText(new String[] {"the image", "what step 15 was reminded of", "credit from step 16"});
        for (int i = 0; i < 3; i++) {
            assertThat(colours(pictures.nth(i))).as("picture %d", i).isGreaterThan(8);
        }
    }

    /** How many colours a picture has, each of whose pixels is drawn. */
    private static int colours(Locator picture) {
        return ((Number) picture.locator("canvas").evaluate("""
                        canvas => {
                          const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                          const colours = new Set();
                          for (let i = 0; i < pixels.length; i += 4) colours.add(pixels.slice(i, i + 4).join());
                          return [...colours].every(colour => colour.endsWith(',255')) ? colours.size : 0;
                        }""")).intValue();
    }

    @Test
    void aNarrowWindowAndTheDark() throws RunException {
        Path file = report(trained, 1);
        Page narrow = page(360, ColorScheme.LIGHT);
        narrow.navigate(file.toUri().toString());
        assertThat(narrow.locator("#chart-loss canvas")).isVisible();
        assertThat(overflows(narrow)).isFalse();
        Page dark = page(1200, ColorScheme.DARK);
        dark.navigate(file.toUri().toString());
        assertThat(dark.locator("body")).hasCSS("background-color", "rgb(20, 24, 28)");
        assertThat(drawn(dark, "loss")).isGreaterThan(2000);
        dark.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        assertThat(dark.locator("body")).hasCSS("background-color", "rgb(246, 247, 248)");
    }

    /** Names of runs may be long, and not all of them are a shell's words. */
    @Test
    void longNames() throws Exception {
        List<RunView> views = new ArrayList<>();
        for (String name : List.of("one, it's " + "1".repeat(150), "two")) {
            Path run = copy(Files.createDirectories(folder.resolve("long-names").resolve(name)));
            views.add(RunView.read(run));
            views.getLast().explain(1, Small.KERNELS);
        }
        Path file = folder.resolve("long-names.html");
        Report.write(file, views);
        Page page = page(360, ColorScheme.LIGHT);
        page.navigate(file.toUri().toString());
        assertThat(page.locator("#tables h2").last()).isVisible();
        assertThat(overflows(page)).isFalse();
        String config = views.getFirst().run().folder().config().toString();
        assertThat(page.locator("#tables code")).hasText("sab train --config '" + config.replace("'", "'\\''") + "'");
    }

    /** The files of a run that has been trained, in another folder. */
    private Path copy(Path run) throws IOException {
        for (String file : List.of("config.yaml", "metrics.jsonl", "attention.jsonl", "model.safetensors")) {
            Files.copy(trained.resolve(file), run.resolve(file));
        }
        return run;
    }

    /** Reading, drawing and zooming stay quick, and a single peak among a million points is there. */
    @Test
    void aMillionPoints() throws Exception {
        Path run = Files.createDirectories(folder.resolve("long"));
        Files.copy(trained.resolve("config.yaml"), run.resolve("config.yaml"));
        try (BufferedWriter out = Files.newBufferedWriter(run.resolve("metrics.jsonl"))) {
            for (int i = 1; i <= 1_000_000; i++) {
                String loss = i == 654_321 ? "77.5" : "0." + (100 + i % 800);
                out.write("{\"kind\":\"train\",\"update\":" + i + ",\"loss\":" + loss + ",\"gradNorm\":1.0,\"seconds\":"
                        + i + "}\n");
            }
        }
        Path file = report(run, 0);
        assertThat(Files.size(file)).isLessThan(2_500_000);
        assertThat(Files.readString(file).contains("77.5")).isTrue();
        Page page = page(1200, ColorScheme.LIGHT);
        page.navigate(file.toUri().toString());
        assertThat(drawn(page, "loss")).isGreaterThan(2000);
        double milliseconds = ((Number) page.evaluate("""
                        async () => {
                          const start = performance.now();
                          document.querySelector('button[data-key=seconds]').click();
                          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
                          return performance.now() - start;
                        }""")).doubleValue();
        assertThat(milliseconds).isLessThan(5000); // of a machine that has other work: most of a second is the canvas
    }

    @Test
    void theLiveViewWhileARunTrains() throws Exception {
        Path run = folder.resolve("live");
        Page page = page(1200, ColorScheme.LIGHT);
        LiveServer server = LiveServer.start(folder, Small.KERNELS, InetAddress.getLoopbackAddress(), null, null);
        try {
            page.navigate(server.address() + "#run=trained");
            assertThat(page.locator(".status")).hasText("live");
            assertThat(page.locator("h1")).hasText("trained");
            Small.train(run, PageTest::slowly, "--updates=40");
            page.locator(".runs button", new Page.LocatorOptions().setHasText("live"))
                    .click();
            page.locator(".runs button", new Page.LocatorOptions().setHasText("trained"))
                    .click();
            assertThat(page.locator("h1")).hasText("live");
            Small.goOn(run, "--updates=80");
            assertThat(page.locator(".tiles")).containsText("80");
            assertThat(page.locator(".runs button", new Page.LocatorOptions().setHasText("trained")))
                    .isFocused(); // as it was when the data came again
            page.mouse().down();
            Small.goOn(run, "--updates=120");
            assertThat(page.locator(".tiles")).containsText("120");
            page.mouse().up(); // on the button on which it went down, though the data came again
            assertThat(page.locator("h1")).hasText("2 runs");
            Locator legend = page.locator(".legend button").first();
            legend.hover();
            page.mouse().down();
            page.evaluate("() => sab.redraw(document.querySelector('.legend'), () => [sab.el('li', {}, 'later')])");
            assertThat(legend).isVisible();
            page.mouse().up();
            assertThat(page.locator(".legend")).hasText("later");
            page.locator(".runs button", new Page.LocatorOptions().setHasText("trained"))
                    .click();
            assertThat(page.locator("h1")).hasText("live");
            Locator explain = page.locator("button.explain");
            explain.focus();
            Small.goOn(run, "--updates=160");
            assertThat(page.locator(".tiles")).containsText("160");
            assertThat(explain).isFocused();
            page.evaluate("() => { document.querySelector('#tables code').id = 'kept'; }");
            Files.writeString(
                    run.resolve("metrics.jsonl"),
                    "{\"kind\":\"train\",\"update\":170,\"loss\":0.5}\n",
                    StandardOpenOption.APPEND);
            assertThat(page.locator(".tiles")).containsText("170");
            assertThat(page.locator("#kept")).isVisible(); // what somebody may be about to copy
            explain.click();
            assertThat(page.locator("#explorer .stage svg")).isVisible();
            assertThat(explain).hasText("Reminders of the best model as it is now");
        } finally {
            server.close();
        }
        assertThat(page.locator(".status")).containsText("connection lost");
        try (LiveServer again =
                LiveServer.start(folder, Small.KERNELS, InetAddress.getLoopbackAddress(), server.port(), null)) {
            assertThat(page.locator(".status")).hasText("live");
            assertThat(again.port()).isEqualTo(server.port());
            page.context().close();
        }
        errors.removeIf(error -> error.contains("net::ERR_")); // the browser's own word for a server that is away
    }

    @Test
    void theLiveViewOfARunThatGoes() throws Exception {
        Path watched = Files.createDirectory(folder.resolve("watched"));
        for (String name : List.of("one", "two")) {
            copy(Files.createDirectory(watched.resolve(name)));
        }
        Page page = page(1200, ColorScheme.LIGHT);
        try (LiveServer server =
                LiveServer.start(watched, Small.KERNELS, InetAddress.getLoopbackAddress(), null, null)) {
            page.navigate(server.address() + "#run=one");
            assertThat(page.locator(".status")).hasText("live");
            assertThat(page.locator("h1")).hasText("one");
            assertThat(page.locator("#charts canvas").first()).isVisible();
            Files.move(watched.resolve("one"), folder.resolve("away"));
            assertThat(page.locator(".status")).hasText("one is no longer in this folder");
            assertThat(page.locator("#charts canvas")).hasCount(0);
            assertThat(page.locator("#tables table")).hasCount(0);
            page.locator(".runs button", new Page.LocatorOptions().setHasText("two"))
                    .click();
            assertThat(page.locator("h1")).hasText("two");
            assertThat(page.locator(".status")).hasText("live");
            assertThat(page.locator("#charts canvas").first()).isVisible();
            page.context().close();
        }
    }

    /** Names of letters that take nine characters each in an address. */
    @Test
    void theServersOwnWordsWhereItRefuses() throws Exception {
        Path many = Files.createDirectory(folder.resolve("many"));
        List<String> names = new ArrayList<>();
        for (int i = 10; i < 35; i++) {
            names.add("€".repeat(80) + i);
            Path run = Files.createDirectory(many.resolve(names.getLast()));
            Files.copy(trained.resolve("config.yaml"), run.resolve("config.yaml"));
        }
        Page page = page(360, ColorScheme.LIGHT);
        try (LiveServer server = LiveServer.start(many, Small.KERNELS, InetAddress.getLoopbackAddress(), null, null)) {
            page.navigate(server.address() + "#run=" + String.join("&run=", names));
            assertThat(page.locator(".status")).hasText("The address is too long: choose fewer runs.");
            page.navigate(server.address() + "#run=" + String.join("&run=", names.subList(0, 20)));
            page.reload();
            assertThat(page.locator(".status")).hasText("live");
            assertThat(overflows(page)).isFalse();
            page.context().close();
        }
        errors.removeIf(error -> error.contains("414"));
    }

    /** So that somebody can watch. */
    private static void slowly(TrainEvent event) {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
