package org.sab4j.live;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.Kernels;
import org.sab4j.report.Page;
import org.sab4j.report.Report;
import org.sab4j.report.RunView;
import org.sab4j.run.RunException;
import org.sab4j.run.RunFolder;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves the page of runs and tells it when they change.
 *
 * <p>{@code /} is the page, {@code /runs} the list of runs, {@code /data?run=NAME} what the page shows of runs, {@code
 * /explain?run=NAME} the reminders of a run's best model as it is now, {@code /events?run=NAME} the stream of changes.
 */
public final class LiveServer implements AutoCloseable {

    /** Where it listens unless told otherwise. */
    public static final int PORT = 7220;

    private static final int TRIES = 20; // ports, one after the other
    private static final int MOST_STREAMS = 64;
    static final int MOST_RUNS = 32; // of a request; live.js lets nobody choose more
    private static final long BETWEEN_LOOKS = 2000; // ms
    private static final int SEQUENCES = 3;

    private static final JsonMapper JSON = new JsonMapper();

    private final Runs runs;
    private final Kernels kernels;
    private final Guard guard;
    private final HttpServer server;
    private final ExecutorService executor;
    private final Semaphore streams = new Semaphore(MOST_STREAMS);
    private volatile boolean closed;

    private LiveServer(Runs runs, Kernels kernels, Guard guard, HttpServer server) {
        this.runs = runs;
        this.kernels = kernels;
        this.guard = guard;
        this.server = server;
        executor = Executors.newVirtualThreadPerTaskExecutor();
    }

    /**
     * Serves from now on.
     *
     * @param root a run's folder, or a folder of runs and sweeps
     * @param address where to listen
     * @param port the port; null for the first free one from {@link #PORT} on
     * @param token what requests must know; null on loopback alone
     */
    public static LiveServer start(
            Path root, Kernels kernels, InetAddress address, @Nullable Integer port, @Nullable String token)
            throws RunException {
        checkToken(address, token);
        HttpServer server = bind(address, port);
        LiveServer live = new LiveServer(new Runs(root), kernels, new Guard(server.getAddress(), token), server);
        live.server.setExecutor(live.executor);
        live.server.createContext("/", live::answer);
        live.server.start();
        return live;
    }

    /** Says whether {@link #start} could, as things are. */
    public static void check(InetAddress address, @Nullable Integer port, @Nullable String token) throws RunException {
        checkToken(address, token);
        bind(address, port).stop(0);
    }

    private static void checkToken(InetAddress address, @Nullable String token) throws RunException {
        if (!address.isLoopbackAddress() && token == null) {
            throw new RunException("beyond this machine the view needs a token: give --token");
        }
    }

    /** The server's own bounds on what comes in, which are properties of Java's. */
    private static void limit() {
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", String.valueOf(1 << 15)); // with the address
        System.setProperty("sun.net.httpserver.maxReqHeaders", "100");
        System.setProperty("sun.net.httpserver.maxReqTime", "10"); // s
        System.setProperty("jdk.httpserver.maxConnections", "256");
    }

    /** Complains of an address that cannot be listened on at any port. */
    private static void checkHost(InetAddress address) throws RunException {
        try {
            new ServerSocket(0, 1, address).close();
        } catch (IOException e) {
            throw new RunException(address.getHostAddress() + " can't be listened on: " + e.getMessage()
                    + "; --host takes an address of this machine");
        }
    }

    private static HttpServer bind(InetAddress address, @Nullable Integer port) throws RunException {
        checkHost(address);
        limit(); // read once, when the first server is made
        int first = port == null ? PORT : port;
        for (int next = first; ; next++) {
            try {
                return HttpServer.create(new InetSocketAddress(address, next), 0);
            } catch (BindException e) {
                if (port != null || next - first >= TRIES) {
                    throw new RunException("port " + next + " of " + address.getHostAddress()
                            + " can't be listened on: " + e.getMessage() + "; --port takes another");
                }
            } catch (IOException e) {
                throw new RunException("the view can't be served: " + e.getMessage());
            }
        }
    }

    /** Where the page is. */
    public String address() {
        InetSocketAddress bound = server.getAddress();
        String host = bound.getAddress().isAnyLocalAddress() ? "THIS-MACHINE" : Guard.host(bound.getAddress());
        return "http://" + host + ":" + bound.getPort() + "/";
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            try {
                guardedAnswer(exchange);
            } catch (RuntimeException | Error e) { // such as of classes whose files are gone
                System.getLogger(LiveServer.class.getName()).log(System.Logger.Level.WARNING, "a request failed", e);
                send(
                        exchange,
                        500,
                        "text/plain; charset=utf-8",
                        "The server failed, and says why where it was started; if that goes on, start it again.\n");
            }
        } catch (IOException e) {
            // Who asked is gone, or has a part of an answer.
        }
    }

    private void guardedAnswer(HttpExchange exchange) throws IOException {
        Guard.headers().forEach(exchange.getResponseHeaders()::set);
        Guard.Refusal refusal = guard.refuses(exchange);
        if (refusal != null) {
            send(exchange, refusal.status(), "text/plain; charset=utf-8", refusal.reason() + "\n");
        } else if (guard.givenInAddress(exchange)) {
            exchange.getResponseHeaders().set("Set-Cookie", guard.cookie());
            exchange.getResponseHeaders().set("Location", "/"); // out of the history, and of what is shown
            exchange.sendResponseHeaders(303, -1);
        } else {
            route(exchange);
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        Map<String, List<String>> query = Query.of(exchange.getRequestURI());
        List<String> names = query.getOrDefault("run", List.of());
        List<String> few = names.subList(0, Math.min(MOST_RUNS, names.size()));
        switch (exchange.getRequestURI().getPath()) {
            case "/" -> send(exchange, 200, "text/html; charset=utf-8", Page.live());
            case "/runs" -> json(exchange, list());
            case "/data" -> data(exchange, few);
            case "/explain" -> explain(exchange, few);
            case "/events" -> events(exchange, few);
            default -> send(exchange, 404, "text/plain; charset=utf-8", "There is no such page.\n");
        }
    }

    private List<SequencedMap<String, Object>> list() {
        List<SequencedMap<String, Object>> list = new ArrayList<>();
        runs.list().forEach((name, path) -> {
            SequencedMap<String, Object> run = new LinkedHashMap<>();
            run.put("name", name);
            run.put("modified", new RunFolder(path).metrics().toFile().lastModified());
            list.add(run);
        });
        return list;
    }

    private void data(HttpExchange exchange, List<String> names) throws IOException {
        List<String> troubles = new ArrayList<>();
        SequencedMap<String, @Nullable Object> content = Report.content(runs.views(names, troubles::add));
        content.put("troubles", troubles);
        json(exchange, content);
    }

    private void explain(HttpExchange exchange, List<String> names) throws IOException {
        List<RunView> views = runs.views(names, trouble -> {});
        if (views.isEmpty()) {
            send(exchange, 404, "text/plain; charset=utf-8", "There is no such run.\n");
            return;
        }
        RunView view = views.getFirst();
        try {
            view.explain(SEQUENCES, kernels);
            SequencedMap<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("explanation", view.explanation());
            json(exchange, answer);
        } catch (RunException e) {
            send(exchange, 500, "text/plain; charset=utf-8", e.getMessage() + "\n");
        }
    }

    /** Says which of some runs have changed, every two seconds at most, until whoever listens is gone. */
    private void events(HttpExchange exchange, List<String> names) throws IOException {
        if (!streams.tryAcquire()) {
            send(exchange, 503, "text/plain; charset=utf-8", "Too many pages are open.\n");
            return;
        }
        try {
            // before the page is told that it is heard: what changes after its own look must not be missed
            Map<String, Object> before = state(names);
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.write("retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            while (!closed) {
                Thread.sleep(BETWEEN_LOOKS);
                Map<String, Object> now = state(names);
                String line = now.equals(before) ? ":\n\n" : "data: " + JSON.writeValueAsString(now) + "\n\n";
                // Each time, so that it is noticed if nobody listens any more.
                out.write(line.getBytes(StandardCharsets.UTF_8));
                out.flush();
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            streams.release();
        }
    }

    /** What tells that something has changed: how long the files are, which settings there are and which runs. */
    private Map<String, Object> state(List<String> names) {
        SequencedMap<String, Path> there = runs.list();
        Map<String, Object> state = new LinkedHashMap<>();
        for (String name : names) {
            Path path = there.get(name);
            if (path != null) {
                state.put(
                        name,
                        List.of(
                                new RunFolder(path).metrics().toFile().length(),
                                new RunFolder(path).attention().toFile().length(),
                                new RunFolder(path).config().toFile().lastModified()));
            }
        }
        state.put("", List.copyOf(there.sequencedKeySet()));
        return state;
    }

    private void json(HttpExchange exchange, Object content) throws IOException {
        send(exchange, 200, "application/json", JSON.writeValueAsString(content));
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody()
                    .flush(); // before the exchange waits for a body that was promised and never comes
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        server.stop(0);
        executor.shutdownNow();
    }
}
