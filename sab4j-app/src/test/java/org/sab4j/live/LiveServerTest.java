package org.sab4j.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.kernels.Kernels;
import org.sab4j.report.Page;
import org.sab4j.run.RunException;
import org.sab4j.run.Small;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The live view as a browser, and as somebody hostile, talks to it. */
@Timeout(120)
class LiveServerTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String TOKEN = "abcdefghijklmnop";

    @TempDir
    private Path folder;

    private static String train(long update) {
        return "{\"kind\":\"train\",\"update\":" + update + ",\"loss\":0.5,\"gradNorm\":1.5,\"seconds\":" + update
                + "}\n";
    }

    private Path run(String name) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(run.resolve("config.yaml"), "task: copy\nmodel: sab\nseed: 1\n");
        Files.writeString(run.resolve("metrics.jsonl"), train(10));
        return run;
    }

    private LiveServer serve(Path root, boolean token) throws RunException {
        return LiveServer.start(root, Small.KERNELS, InetAddress.getLoopbackAddress(), null, token ? TOKEN : null);
    }

    /** An answer. */
    private record Answer(int statusCode, String body, HttpURLConnection connection) {

        String header(String name) {
            return String.valueOf(connection.getHeaderField(name));
        }
    }

    private static Answer get(LiveServer server, String path, String... headers) throws Exception {
        URI address = URI.create(server.address() + path.substring(1));
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.setReadTimeout(20_000);
        for (int i = 0; i < headers.length; i += 2) {
            connection.setRequestProperty(headers[i], headers[i + 1]);
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, new String(in.readAllBytes(), StandardCharsets.UTF_8), connection);
        }
    }

    /** The first line of the answer to a request as it is written here. */
    private static String raw(LiveServer server, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return line == null ? "" : line;
        } catch (SocketException e) {
            return ""; // cut off in the middle of what was too much
        }
    }

    /** Java reads its server's bounds once, when the first server is made, and that may be the one of a check. */
    @Test
    void aCheckLeavesTheBounds() throws Exception {
        LiveServer.check(InetAddress.getLoopbackAddress(), null, null);
        try (LiveServer server = serve(run("a"), false)) {
            assertThat(raw(server, withHeaders(server, 20))).contains(" 200 ");
            assertThat(raw(server, withHeaders(server, 150))).doesNotContain(" 200 ");
            assertThat(raw(server, withHeaders(server, 0))).contains(" 200 ");
        }
    }

    private static String withHeaders(LiveServer server, int count) {
        StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nHost: localhost:" + server.port() + "\r\n");
        for (int i = 0; i < count; i++) {
            request.append("X-").append(i).append(": 1\r\n");
        }
        return request + "\r\n";
    }

    @Test
    void thePageAndItsData() throws Exception {
        run("b");
        run("a");
        Files.createDirectories(folder.resolve("no-run"));
        try (LiveServer server = serve(folder, false)) {
            Answer page = get(server, "/");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body().contains("\"live\":true")).isTrue();
            assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
            JsonNode runs = JSON.readTree(get(server, "/runs").body());
            assertThat(runs).extracting(run -> run.path("name").asString()).containsExactly("a", "b");
            JsonNode data = JSON.readTree(get(server, "/data?run=b&run=nowhere").body());
            assertThat(data.path("runs")).hasSize(1);
            Files.writeString(folder.resolve("b/metrics.jsonl"), train(20), StandardOpenOption.APPEND);
            data = JSON.readTree(get(server, "/data?run=b").body());
            assertThat(data.path("runs").path(0).path("history").path("update").asInt())
                    .isEqualTo(20);
            assertThat(get(server, "/other").statusCode()).isEqualTo(404);
            assertThat(get(server, "/explain?run=nowhere").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void tellsThatARunHasChanged() throws Exception {
        Path run = run("a");
        try (LiveServer server = serve(run, false);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write("GET /events?run=a HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line = in.readLine();
            while (!line.startsWith("retry:")) {
                line = in.readLine();
            }
            Files.writeString(run.resolve("metrics.jsonl"), train(20), StandardOpenOption.APPEND);
            while (!line.startsWith("data:")) {
                line = in.readLine();
            }
            assertThat(line).contains("\"a\":");
        }
    }

    @Test
    void explainsTheModelAsItIsNow() throws Exception {
        Path run = folder.resolve("a");
        Small.train(run, event -> {}, "--updates=10");
        try (LiveServer server = serve(folder, false)) {
            Answer answer = get(server, "/explain?run=a");
            assertThat(answer.statusCode()).isEqualTo(200);
            JsonNode explanation = JSON.readTree(answer.body()).path("explanation");
            assertThat(explanation.path("update").asInt()).isEqualTo(10);
            assertThat(explanation.path("sequences")).hasSize(3);
            assertThat(explanation.path("sequences").path(0).path("reminders")).hasSize(24);

            Path model = run.resolve("model.safetensors");
            Files.writeString(model, "spoilt");
            answer = get(server, "/explain?run=a");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body())
                    .startsWith(model + " is not a safetensors file")
                    .hasLineCount(1);
        }
    }

    /** As of a class whose file is gone. */
    @Test
    void anErrorIsAnsweredToo() throws Exception {
        Small.train(folder.resolve("a"), event -> {}, "--updates=10");
        Kernels broken = (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    throw new NoClassDefFoundError("org/sab4j/Gone");
                });
        try (LiveServer server = LiveServer.start(folder, broken, InetAddress.getLoopbackAddress(), null, null)) {
            Answer answer = get(server, "/explain?run=a");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).startsWith("The server failed").hasLineCount(1);
            assertThat(get(server, "/runs").statusCode()).isEqualTo(200);
        }
    }

    /** A page that is left open, or a thousand of them, must not take all threads and files; one that is closed makes room. */
    @Test
    void someStreamsAtATime() throws Exception {
        String request = "GET /events?run=a HTTP/1.1\r\nHost: localhost\r\n\r\n";
        List<Socket> open = new ArrayList<>();
        try (LiveServer server = serve(run("a"), false)) {
            try {
                for (int i = 0; i < 64; i++) {
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                    open.add(socket);
                    socket.setSoTimeout(60_000);
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                    assertThat(new BufferedReader(
                                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                                    .readLine())
                            .contains(" 200 ");
                }
                assertThat(raw(server, request)).contains(" 503 ");
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
            while (!raw(server, request).contains(" 200 ")) {
                Thread.sleep(100);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"/, 200", "/runs, 200", "/data?run=a, 200", "/other, 404", "/runs?token=x, 401", "/?token=OWN, 303"})
    void whatEveryAnswerTellsTheBrowser(String path, int status) throws Exception {
        run("a");
        try (LiveServer server = serve(folder, true)) {
            Answer answer = status == 401 || status == 303
                    ? get(server, path.replace("OWN", TOKEN))
                    : get(server, path, "Authorization", "Bearer " + TOKEN);
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /runs HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                "GET /runs HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n",
                "GET /runs HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n",
                "GET /runs HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n",
                "GET /runs HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: evil.example\r\nSec-Fetch-Mode: navigate\r\n\r\n",
                "POST /runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx",
                "DELETE /runs HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\n\r\n",
                "GET /runs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /data?run=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /runs HTTP/1.1\r\n\r\n"
            })
    void refuses(String request) throws Exception {
        run("a");
        try (LiveServer server = serve(folder, false)) {
            assertThat(raw(server, request)).containsPattern("^HTTP/1.1 4[0-9][0-9] ");
            assertThat(raw(server, "GET /runs HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .contains("200");
        }
    }

    @Test
    void refusesWhatIsHuge() throws Exception {
        run("a");
        try (LiveServer server = serve(folder, false)) {
            String manyRuns = "/data?" + ("run=" + "x".repeat(500) + "&").repeat(LiveServer.MOST_RUNS);
            assertThat(get(server, manyRuns).statusCode()).isEqualTo(200);
            Answer tooMany = get(server, manyRuns + "x".repeat(5000));
            assertThat(tooMany.statusCode()).isEqualTo(414);
            assertThat(tooMany.body()).isEqualTo("The address is too long: choose fewer runs.\n");
            String header = "GET / HTTP/1.1\r\nHost: localhost\r\nX: ";
            assertThat(raw(server, header + "x".repeat(100_000) + "\r\n\r\n")).doesNotContain("200");
            assertThat(raw(server, header + "x".repeat(100) + "\r\n\r\n")).contains("200");
        }
    }

    /** No name leads out of the folder. */
    @ParameterizedTest
    @ValueSource(strings = {"..%2Fa", "%2Fetc", ".", "..", "a%2F..", "a%00", "%25zz", "A%2F"})
    void namesAreNoPaths(String name) throws Exception {
        run("a");
        run("inner/b");
        Path inner = folder.resolve("inner");
        try (LiveServer server = serve(inner, false)) {
            assertThat(JSON.readTree(get(server, "/data?run=b").body()).path("runs"))
                    .hasSize(1);
            assertThat(JSON.readTree(get(server, "/data?run=" + name).body()).path("runs"))
                    .isEmpty();
        }
    }

    @Test
    void withATokenNothingWithoutIt() throws Exception {
        run("a");
        try (LiveServer server = serve(folder, true)) {
            assertThat(get(server, "/runs").statusCode()).isEqualTo(401);
            assertThat(get(server, "/runs?token=" + TOKEN + "x").statusCode()).isEqualTo(401);
            assertThat(get(server, "/runs", "Authorization", "Bearer " + TOKEN).statusCode())
                    .isEqualTo(200);
            Answer given = get(server, "/?token=" + TOKEN);
            assertThat(given.statusCode()).isEqualTo(303);
            String cookie = given.header("Set-Cookie");
            assertThat(cookie).startsWith("sab" + server.port() + "=").contains("HttpOnly", "SameSite=Lax");
            assertThat(get(server, "/runs", "Cookie", cookie.replaceFirst(";.*", ""))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    /** A link in a mail or on another site leads to the page, in a window of its own, and to nothing else. */
    @Test
    void aLinkFromElsewhere() throws Exception {
        run("a");
        String from = " HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
                + "Sec-Fetch-Dest: ";
        try (LiveServer server = serve(folder, true)) {
            assertThat(raw(server, "GET /?token=" + TOKEN + from + "document\r\n\r\n"))
                    .contains(" 303 ");
            String known = "\r\nCookie: sab" + server.port() + "=" + TOKEN + "\r\n\r\n";
            assertThat(raw(server, "GET /" + from + "document" + known)).contains(" 200 ");
            assertThat(raw(server, "GET /" + from + "document\r\n\r\n")).contains(" 401 ");
            assertThat(raw(server, "GET /" + from + "iframe" + known)).contains(" 403 ");
            assertThat(raw(server, "HEAD /" + from + "document" + known)).contains(" 403 ");
            assertThat(raw(server, "POST /" + from + "document" + known)).contains(" 405 ");
            assertThat(raw(server, "GET /explain?run=a" + from + "document" + known))
                    .contains(" 403 ");
            assertThat(raw(server, "GET /data?run=a" + from + "document" + known))
                    .contains(" 403 ");
        }
    }

    /** Linux listens on all of 127.0.0.0/8. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theAddressThatIsBound() throws Exception {
        run("a");
        InetAddress other = InetAddress.getByName("127.0.0.2");
        try (LiveServer server = LiveServer.start(folder, Small.KERNELS, other, null, null)) {
            assertThat(server.address()).isEqualTo("http://127.0.0.2:" + server.port() + "/");
            assertThat(get(server, "/runs").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, localhost",
        "127.0.0.2, 127.0.0.2",
        "192.0.2.1, 192.0.2.1",
        "::1, [::1]",
        "2001:db8::7, [2001:db8:0:0:0:0:0:7]"
    })
    void addressesAsTheyStandInLinks(String address, String host) throws Exception {
        assertThat(Guard.host(InetAddress.getByName(address))).isEqualTo(host);
    }

    @Test
    void anAddressOfAnotherMachine() throws Exception {
        InetAddress other = InetAddress.getByName("192.0.2.1"); // nobody's
        assertThatThrownBy(() -> LiveServer.check(other, null, TOKEN))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("--host")
                .hasMessageNotContaining("--port");
    }

    /** Beyond that the server leaves runs out. */
    @Test
    void thePageLetsNobodyChooseMoreRuns() {
        assertThat(Page.live().contains("const MOST = " + LiveServer.MOST_RUNS + ";"))
                .isTrue();
    }

    @Test
    void beyondThisMachineATokenIsAMust() throws Exception {
        InetAddress all = InetAddress.getByName("0.0.0.0");
        assertThatThrownBy(() -> LiveServer.start(folder, Small.KERNELS, all, null, null))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("--token");
    }

    @Test
    void aPortInUse() throws Exception {
        try (LiveServer first = serve(folder, false);
                LiveServer second = serve(folder, false)) {
            assertThat(second.port()).isNotEqualTo(first.port());
            assertThatThrownBy(() -> LiveServer.start(
                            folder, Small.KERNELS, InetAddress.getLoopbackAddress(), first.port(), null))
                    .isInstanceOf(RunException.class)
                    .hasMessageContaining("--port");
        }
    }
}
