package org.sab4j.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.Kernels;
import org.sab4j.live.LiveServer;
import org.sab4j.run.RunException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a live view is served. */
final class ViewOptions {

    private static final int LEAST_TOKEN = 16; // characters
    private static final int MOST_TOKEN = 256;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Where the live view listens. Default: the first free port from " + LiveServer.PORT + " on.")
    private @Nullable String port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "The address that the live view listens on, 0.0.0.0 for all. Default: this machine alone.")
    private @Nullable String host;

    @Option(
            names = "--token",
            paramLabel = "SECRET",
            description =
                    "What others must know to see the live view, 16 to 256 letters, digits, - or _. It is not encrypted on"
                            + " the way: a tunnel is safer.")
    private @Nullable String token;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    ViewOptions() {}

    /** Whether any of them was given. */
    boolean given() {
        return port != null || host != null || token != null;
    }

    /** Says before there is a folder what would keep a view from being served. */
    void check() throws RunException {
        checkToken();
        LiveServer.check(address(), number(), token);
    }

    private void checkToken() {
        if (token == null && !address().isLoopbackAddress()) {
            throw new ParameterException(
                    spec.commandLine(), "beyond this machine the view needs a token: give --token");
        }
        if (token != null && !token.matches("[A-Za-z0-9_-]{" + LEAST_TOKEN + "," + MOST_TOKEN + "}")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--token must be " + LEAST_TOKEN + " to " + MOST_TOKEN + " letters, digits, - or _");
        }
    }

    private @Nullable Integer number() {
        return port == null ? null : (Integer) Arguments.number(spec, "--port", port, 1, 65535);
    }

    /** Serves a run's folder or a folder of runs. */
    LiveServer start(Path folder, Kernels kernels) throws RunException {
        checkToken();
        return LiveServer.start(folder, kernels, address(), number(), token);
    }

    private InetAddress address() {
        if (host == null) {
            return InetAddress.getLoopbackAddress();
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ParameterException(spec.commandLine(), "--host is no address of this machine: '" + host + "'");
        }
    }

    /** The address to open. */
    String address(LiveServer server) {
        return server.address() + (token == null ? "" : "?token=" + token);
    }
}
