package org.sab4j.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A download by HTTP that goes on where it was cut off, in this process or an earlier one. */
final class Download {

    private static final int MOST_REDIRECTS = 8;
    private static final int REQUESTED_RANGE_NOT_SATISFIABLE = 416;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18}|\\*)");

    private final URI home;
    private final Path part;
    private final long most;
    private final Network network;
    private final LongConsumer progress;

    /** What no further attempt would mend. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private Download(URI home, Path part, long most, Network network, LongConsumer progress) {
        this.home = home;
        this.part = part;
        this.most = most;
        this.network = network;
        this.progress = progress;
    }

    /**
     * Fetches {@code home} into {@code part}; what is there already is taken as its beginning.
     *
     * @param most the most bytes to take
     * @param progress is told how many bytes there are
     * @throws IOException if it could not be had as a whole; what was had stays in {@code part}
     */
    static void fetch(URI home, Path part, long most, Network network, LongConsumer progress) throws IOException {
        new Download(home, part, most, network, progress).fetch();
    }

    private void fetch() throws IOException {
        for (int attempt = 1; ; attempt++) {
            long before = size();
            try {
                if (attempt()) {
                    return;
                }
                throw new IOException("the connection ended after " + size() + " bytes");
            } catch (Refused | UnknownHostException e) {
                throw e;
            } catch (IOException e) {
                if (attempt >= network.attempts()) {
                    throw e;
                }
                attempt = size() > before ? 0 : attempt; // it goes forward
            }
            pause(attempt);
        }
    }

    private void pause(int attempt) throws IOException {
        try {
            Thread.sleep(network.pause().multipliedBy(1L << Math.clamp(attempt - 1L, 0, 10)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private long size() throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    /** One attempt. Whether all is there. */
    private boolean attempt() throws IOException {
        long have = size();
        HttpURLConnection connection = open(have);
        try {
            int status = connection.getResponseCode();
            long from = 0;
            if (status == HttpURLConnection.HTTP_PARTIAL && start(connection) == have) {
                from = have;
            } else if (status == REQUESTED_RANGE_NOT_SATISFIABLE && have > 0) {
                if (total(connection) == have) {
                    return true; // all was there
                }
                Files.delete(part);
                return false;
            } else if (status != HttpURLConnection.HTTP_OK) {
                throw failure(status);
            }
            long length = connection.getContentLengthLong(); // of what follows; −1 if the server does not say
            long copied = copy(connection.getInputStream(), from);
            return length < 0 || copied == length;
        } finally {
            connection.disconnect();
        }
    }

    private static IOException failure(int status) {
        String message = "the server answers " + status;
        boolean passing = status == HttpURLConnection.HTTP_CLIENT_TIMEOUT || status == 429 || status >= 500;
        return passing ? new IOException(message) : new Refused(message);
    }

    /** Follows redirections, also from http to https, which Java does not by itself. */
    private HttpURLConnection open(long from) throws IOException {
        URI at = home;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            URLConnection any = at.toURL().openConnection();
            if (!(any instanceof HttpURLConnection connection)) {
                throw new Refused("the server points to " + at + ", which is not on the web");
            }
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout((int) network.stall().toMillis());
            connection.setReadTimeout((int) network.stall().toMillis());
            connection.setRequestProperty("User-Agent", "sab4j");
            connection.setRequestProperty("Accept-Encoding", "identity");
            if (from > 0) {
                connection.setRequestProperty("Range", "bytes=" + from + "-");
            }
            int status = connection.getResponseCode();
            String location = connection.getHeaderField("Location");
            if (status / 100 != 3 || location == null) {
                return connection;
            }
            connection.disconnect();
            at = resolve(at, location);
        }
        throw new Refused("the server points from one address to the next without end");
    }

    private static URI resolve(URI at, String location) throws IOException {
        URI next;
        try {
            next = at.resolve(new URI(location));
        } catch (URISyntaxException e) {
            throw new Refused("the server points to what is no address");
        }
        boolean web = "http".equals(next.getScheme()) || "https".equals(next.getScheme());
        if (!web || ("https".equals(at.getScheme()) && "http".equals(next.getScheme()))) {
            throw new Refused("the server points to " + next + ", which is not as safe as " + at);
        }
        return next;
    }

    private static long start(HttpURLConnection connection) {
        Matcher range = range(connection);
        return range.matches() && range.group(1) != null ? Long.parseLong(range.group(1)) : -1;
    }

    private static long total(HttpURLConnection connection) {
        Matcher range = range(connection);
        return range.matches() && !range.group(2).equals("*") ? Long.parseLong(range.group(2)) : -1;
    }

    private static Matcher range(HttpURLConnection connection) {
        String header = connection.getHeaderField("Content-Range");
        return CONTENT_RANGE.matcher(header == null ? "" : header);
    }

    /** Copies what comes behind the first {@code from} bytes, and returns how many came. */
    private long copy(InputStream in, long from) throws IOException {
        long count = 0;
        byte[] block = new byte[1 << 16];
        try (OutputStream out =
                from > 0 ? Files.newOutputStream(part, StandardOpenOption.APPEND) : Files.newOutputStream(part)) {
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                if (from + count + n > most) {
                    throw new Refused("more came than " + most + " bytes, so it is something else");
                }
                out.write(block, 0, n);
                count += n;
                progress.accept(from + count);
            }
        }
        return count;
    }
}
