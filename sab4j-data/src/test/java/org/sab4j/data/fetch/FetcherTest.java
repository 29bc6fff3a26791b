package org.sab4j.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.data.DataException;
import org.sab4j.data.Source;
import org.sab4j.data.fetch.Archive.Packing;

/** Downloads from a server on this machine that stalls, cuts off, points elsewhere and damages. */
@Timeout(60)
class FetcherTest {

    /** For servers that say nothing: the others may take their time on a machine that has other work. */
    private static final Network HASTY = new Network(Duration.ofMillis(400), 3, Duration.ofMillis(5));

    private static final Network PATIENT = new Network(Duration.ofSeconds(30), 3, Duration.ofMillis(5));
    private static final byte[] CONTENT = new byte[300_000];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 1, PT1S",
        "PT0.0009S, 1, PT1S",
        "PT-1S, 1, PT1S",
        "P30D, 1, PT1S",
        "PT1S, 0, PT1S",
        "PT1S, 1, PT-1S",
        "PT1S, 1, P30D"
    })
    void refusesWhatCannotBeWaitedFor(Duration stall, int attempts, Duration pause) {
        assertThatThrownBy(() -> new Network(stall, attempts, pause)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Network(Duration.ofMillis(1), 1, Duration.ZERO).attempts())
                .isEqualTo(1);
    }

    /** What the server does with the n-th request for a path, counted from 0. */
    interface Behaviour {
        void answer(HttpExchange exchange, int n) throws IOException;
    }

    @TempDir
    private Path root;

    private final List<String> requests =
            new CopyOnWriteArrayList<>(); // the server's threads write, and the test's reads
    private final List<String> told = new CopyOnWriteArrayList<>();
    private Network network = PATIENT;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    FetcherTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(String path, Behaviour behaviour) {
        server.createContext(path, exchange -> {
            int n;
            synchronized (requests) {
                n = (int)
                        requests.stream().filter(r -> r.startsWith(path + " ")).count();
                requests.add(path + " " + exchange.getRequestHeaders().getFirst("Range"));
            }
            try {
                behaviour.answer(exchange, n);
            } finally {
                exchange.close();
            }
        });
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static KnownFile known(String path, byte[] bytes) {
        var digest = Source.digest();
        digest.update(bytes);
        return new KnownFile(path, bytes.length, new CheckSum.Sha256(Source.hex(digest)));
    }

    private static KnownData data(Archive... archives) {
        return new KnownData("things", "Things", "none", List.of(archives));
    }

    private KnownData plain(String... paths) {
        return data(new Archive(
                Arrays.stream(paths).map(this::at).toList(), Packing.NONE, List.of(known("thing.bin", CONTENT))));
    }

    private void get(KnownData data, @Nullable Path from) throws DataException, IOException {
        new Fetcher(data, root, network, new Fetcher.Listener() {
                    @Override
                    public void present(KnownFile file) {
                        told.add("present " + file.name());
                    }

                    @Override
                    public void done(KnownFile file, String source) {
                        told.add("done " + file.name());
                    }

                    @Override
                    public void progress(String name, long bytes) {}

                    @Override
                    public void note(String sentence) {
                        told.add(sentence);
                    }
                })
                .get(from);
    }

    private void get(KnownData data) throws DataException, IOException {
        get(data, null);
    }

    private Path thing() {
        return root.resolve("things").resolve("thing.bin");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("things"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.equals(".lock"))
                    .sorted()
                    .toList();
        }
    }

    /** The whole content, or from the range that is asked for; {@code count} bytes of it at most, then the end. */
    private static void send(HttpExchange exchange, byte[] content, int count) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from >= content.length) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        OutputStream out = exchange.getResponseBody();
        out.write(content, from, Math.min(count, content.length - from));
        out.flush();
    }

    @Test
    void whole() throws Exception {
        serve("/a", (exchange, n) -> send(exchange, CONTENT, CONTENT.length));
        get(plain("/a"));
        assertThat(thing()).hasBinaryContent(CONTENT);
        assertThat(files()).containsExactly("thing.bin");
        assertThat(told).containsExactly("done thing.bin");
        get(plain("/a"));
        assertThat(told).endsWith("present thing.bin");
        assertThat(requests).hasSize(1);
    }

    @Test
    void cutOffAgainAndAgain() throws Exception {
        serve("/a", (exchange, n) -> send(exchange, CONTENT, 70_000));
        get(plain("/a"));
        assertThat(thing()).hasBinaryContent(CONTENT);
        assertThat(requests.getFirst()).isEqualTo("/a null");
        assertThat(requests.get(1)).matches("/a bytes=[1-9]\\d*-");
        assertThat(requests.size()).isGreaterThan(3);
    }

    @Test
    void stalls() throws Exception {
        network = new Network(Duration.ofSeconds(2), 10, Duration.ofMillis(5));
        CountDownLatch again = new CountDownLatch(1);
        serve("/a", (exchange, n) -> {
            if (n == 0) {
                send(exchange, CONTENT, 100_000);
                await(again);
            } else {
                again.countDown();
                send(exchange, CONTENT, CONTENT.length);
            }
        });
        get(plain("/a"));
        assertThat(thing()).hasBinaryContent(CONTENT);
        assertThat(requests).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void neverAnswers() {
        network = HASTY;
        serve("/a", (exchange, n) -> sleep(3000));
        assertThatThrownBy(() -> get(plain("/a")))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("things could not be had (" + at("/a") + ": the server sends nothing any more")
                .hasMessageContaining("--from DIR");
        assertThat(thing()).doesNotExist();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void sleep(long milliseconds) throws IOException {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void goesOnInALaterProcess() throws Exception {
        serve("/a", (exchange, n) -> {
            if (n == 0) {
                send(exchange, CONTENT, 123_456);
            } else if (n <= 3) {
                exchange.sendResponseHeaders(503, -1);
            } else {
                send(exchange, CONTENT, CONTENT.length);
            }
        });
        assertThatThrownBy(() -> get(plain("/a"))).hasMessageContaining("the server answers 503");
        assertThat(files()).containsExactly(".a.part");
        long kept = Files.size(root.resolve("things").resolve(".a.part"));
        assertThat(kept).isPositive();
        get(plain("/a"));
        assertThat(requests.getLast()).isEqualTo("/a bytes=" + kept + "-");
        assertThat(thing()).hasBinaryContent(CONTENT);
        assertThat(files()).containsExactly("thing.bin");
    }

    @Test
    void aServerThatCannotGoOn() throws Exception {
        serve("/a", (exchange, n) -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, n == 0 ? 200_000 : CONTENT.length);
        });
        get(plain("/a"));
        assertThat(thing()).hasBinaryContent(CONTENT);
    }

    /** What an earlier try has left belongs to something else: damage is found, and all is fetched once more. */
    @Test
    void aBeginningOfSomethingElse() throws Exception {
        serve("/a", (exchange, n) -> send(exchange, CONTENT, CONTENT.length));
        Files.createDirectories(root.resolve("things"));
        Files.write(root.resolve("things").resolve(".a.part"), new byte[1000]);
        get(plain("/a"));
        assertThat(thing()).hasBinaryContent(CONTENT);
        assertThat(requests).containsExactly("/a bytes=1000-", "/a null");
        assertThat(told).anyMatch(line -> line.contains("fetched once more from the start"));
    }

    @Test
    void allWasThereBeforeItWasCutOff() throws Exception {
        serve("/a", (exchange, n) -> send(exchange, CONTENT, CONTENT.length));
        Files.createDirectories(root.resolve("things"));
        Files.write(root.resolve("things").resolve(".a.part"), CONTENT);
        get(plain("/a"));
        assertThat(thing()).hasBinaryContent(CONTENT);
        assertThat(requests).hasSize(1);
    }

    @Test
    void damaged() throws Exception {
        byte[] damaged = CONTENT.clone();
        damaged[150_000] ^= 1;
        serve("/a", (exchange, n) -> send(exchange, damaged, damaged.length));
        assertThatThrownBy(() -> get(plain("/a")))
                .hasMessageContaining("thing.bin has the SHA-256")
                .hasMessageContaining("is wanted");
        assertThat(files()).isEmpty();
        serve("/b", (exchange, n) -> send(exchange, CONTENT, CONTENT.length));
        get(plain("/a", "/b"));
        assertThat(thing()).hasBinaryContent(CONTENT);
    }

    @Test
    void aWrongFileInItsPlaceIsReplaced() throws Exception {
        serve("/a", (exchange, n) -> send(exchange, CONTENT, CONTENT.length));
        Files.createDirectories(root.resolve("things"));
        Files.writeString(thing(), "half a file");
        assertThat(Fetcher.problems(plain("/a"), root))
                .containsExactly(thing() + " has 11 bytes, and 300000 are wanted");
        get(plain("/a"));
        assertThat(Fetcher.problems(plain("/a"), root)).isEmpty();
    }

    @Test
    void pointsElsewhere() throws Exception {
        serve("/a", (exchange, n) -> redirect(exchange, "/b"));
        serve("/b", (exchange, n) -> redirect(exchange, at("/c").toString()));
        serve("/c", (exchange, n) -> send(exchange, CONTENT, CONTENT.length));
        get(plain("/a"));
        assertThat(thing()).hasBinaryContent(CONTENT);
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(302, -1);
    }

    @Test
    void pointsWithoutEndOrToNoPlace() {
        serve("/a", (exchange, n) -> redirect(exchange, "/a"));
        assertThatThrownBy(() -> get(plain("/a"))).hasMessageContaining("without end");
        serve("/b", (exchange, n) -> redirect(exchange, "file:///etc/passwd"));
        assertThatThrownBy(() -> get(plain("/b"))).hasMessageContaining("not as safe as");
        serve("/c", (exchange, n) -> redirect(exchange, "http://["));
        assertThatThrownBy(() -> get(plain("/c"))).hasMessageContaining("no address");
    }

    @Test
    void goneIsNotAskedForAgain() throws Exception {
        serve("/a", (exchange, n) -> exchange.sendResponseHeaders(404, -1));
        serve("/b", (exchange, n) -> send(exchange, CONTENT, CONTENT.length));
        assertThatThrownBy(() -> get(plain("/a"))).hasMessageContaining("the server answers 404");
        assertThat(requests).hasSize(1);
        get(plain("/a", "/b"));
        assertThat(thing()).hasBinaryContent(CONTENT);
    }

    @Test
    void noServer() {
        int port = server.getAddress().getPort();
        server.stop(0);
        KnownData data = data(new Archive(
                List.of(URI.create("http://127.0.0.1:" + port + "/a")),
                Packing.NONE,
                List.of(known("thing.bin", CONTENT))));
        assertThatThrownBy(() -> get(data)).hasMessageContaining("no connection");
        server = failed();
    }

    private static HttpServer failed() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void octal(byte[] header, int from, int length, long value) {
        byte[] digits = String.format("%0" + (length - 1) + "o", value).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, header, from, digits.length);
    }

    private static byte[] tar(String... namesAndTexts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                byte[] header = new byte[512];
                byte[] name = namesAndTexts[i].getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(name, 0, header, 0, name.length);
                byte[] text = namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
                octal(header, 124, 12, text.length);
                header[156] = (byte) (namesAndTexts[i].endsWith("/") ? '5' : '0');
                System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, header, 257, 5);
                out.write(header);
                out.write(Arrays.copyOf(text, (text.length + 511) / 512 * 512));
            }
            out.write(new byte[1024]);
        }
        return bytes.toByteArray();
    }

    private KnownData packed(String path, Packing packing) {
        return data(new Archive(
                List.of(at(path)),
                packing,
                List.of(
                        known("in/one.txt", "one".getBytes(StandardCharsets.UTF_8)),
                        known("two.txt", "two".repeat(300).getBytes(StandardCharsets.UTF_8)))));
    }

    @Test
    void aTar() throws Exception {
        byte[] tar = tar(
                "./x/", "", "./x/readme", "no".repeat(900), "./x/two.txt", "two".repeat(300), "./x/y/one.txt", "one");
        serve("/a.tgz", (exchange, n) -> send(exchange, tar, tar.length));
        get(packed("/a.tgz", Packing.TAR_GZ));
        assertThat(root.resolve("things/in/one.txt")).hasContent("one");
        assertThat(root.resolve("things/two.txt")).hasContent("two".repeat(300));
        assertThat(files()).containsExactly("in", "two.txt");
    }

    /** Names in an archive are never places on the disk. */
    @Test
    void anArchiveThatWantsToBeElsewhere() throws Exception {
        byte[] tar = tar("../../one.txt", "one", "/etc/two.txt", "two".repeat(300), "../evil.txt", "evil");
        serve("/a.tgz", (exchange, n) -> send(exchange, tar, tar.length));
        get(packed("/a.tgz", Packing.TAR_GZ));
        assertThat(files()).containsExactly("in", "two.txt");
        assertThat(root.resolve("evil.txt")).doesNotExist();
    }

    @Test
    void archivesThatAreDamagedOrLackAFile() throws Exception {
        byte[] tar = tar("x/one.txt", "one");
        serve("/a.tgz", (exchange, n) -> send(exchange, tar, tar.length));
        assertThatThrownBy(() -> get(packed("/a.tgz", Packing.TAR_GZ))).hasMessageContaining("it has no two.txt");
        byte[] half = Arrays.copyOf(tar, tar.length / 2);
        serve("/b.tgz", (exchange, n) -> send(exchange, half, half.length));
        Files.delete(root.resolve("things/in/one.txt"));
        assertThatThrownBy(() -> get(packed("/b.tgz", Packing.TAR_GZ))).hasMessageContaining("can't be unpacked");
        serve("/c.tgz", (exchange, n) -> send(exchange, CONTENT, CONTENT.length));
        assertThatThrownBy(() -> get(packed("/c.tgz", Packing.TAR_GZ))).hasMessageContaining("can't be unpacked");
        byte[] longer = tar("one.txt", "one more", "two.txt", "two");
        serve("/d.tgz", (exchange, n) -> send(exchange, longer, longer.length));
        assertThatThrownBy(() -> get(packed("/d.tgz", Packing.TAR_GZ)))
                .hasMessageContaining("one.txt has 8 bytes, and 3 are wanted");
        assertThat(root.resolve("things/in/one.txt")).doesNotExist();
    }

    @Test
    void aZip() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (String[] entry : new String[][] {{"other", "x"}, {"one.txt", "one"}, {"two.txt", "two".repeat(300)}}) {
                out.putNextEntry(new ZipEntry(entry[0]));
                out.write(entry[1].getBytes(StandardCharsets.UTF_8));
            }
        }
        serve("/a.zip", (exchange, n) -> send(exchange, bytes.toByteArray(), bytes.size()));
        get(packed("/a.zip", Packing.ZIP));
        assertThat(root.resolve("things/two.txt")).hasContent("two".repeat(300));
    }

    @Test
    void fromAFolder(@TempDir Path other) throws Exception {
        Files.write(other.resolve("thing.bin"), CONTENT);
        get(plain("/none"), other);
        assertThat(thing()).hasBinaryContent(CONTENT);
        byte[] tar = tar("x/two.txt", "two".repeat(300), "x/one.txt", "one");
        Files.write(other.resolve("a.tgz"), tar);
        get(packed("/a.tgz", Packing.TAR_GZ), other);
        assertThat(root.resolve("things/in/one.txt")).hasContent("one");
        assertThat(requests).isEmpty();
    }

    @Test
    void fromAFolderThatHasItNot(@TempDir Path other) throws Exception {
        assertThatThrownBy(() -> get(plain("/a"), other))
                .hasMessageStartingWith(other + " has no thing.bin: put it there whole, or leave --from out");
        assertThatThrownBy(() -> get(packed("/a.tgz", Packing.TAR_GZ), other))
                .hasMessageStartingWith(other + " has no one.txt and no a.tgz");
        Files.write(other.resolve("thing.bin"), new byte[5]);
        assertThatThrownBy(() -> get(plain("/a"), other))
                .hasMessageStartingWith(other.resolve("thing.bin") + " has 5 bytes, and 300000 are wanted");
        assertThatThrownBy(() -> get(plain("/a"), other.resolve("none"))).hasMessageContaining("does not exist");
        assertThat(thing()).doesNotExist();
    }

    @Test
    void oneAtATime() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        serve("/a", (exchange, n) -> {
            await(refused);
            send(exchange, CONTENT, CONTENT.length);
        });
        var first = threads.submit(() -> {
            get(plain("/a"));
            return true;
        });
        while (!Files.exists(root.resolve("things").resolve(".lock")) || requests.isEmpty()) {
            Thread.sleep(5);
        }
        try {
            assertThatThrownBy(() -> get(plain("/a"))).hasMessageContaining("is being filled by another");
        } finally {
            refused.countDown();
        }
        assertThat(first.get()).isTrue();
    }

    @Test
    void whatIsKnown() {
        assertThat(KnownData.ALL).extracting(KnownData::name).containsExactly("mnist", "cifar10", "ptb", "text8");
        for (KnownData known : KnownData.ALL) {
            known.files().forEach(file -> {
                assertThat(file.sum().text())
                        .matches(file.sum() instanceof CheckSum.Sha256 ? "[0-9a-f]{64}" : "[0-9a-f]{8}");
                assertThat(file.bytes()).isPositive();
            });
            assertThat(known.archives()).allMatch(archive -> !archive.name().isEmpty());
        }
    }
}
