package org.sab4j.live;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask what: reading alone, without a body, of a page that came from here, to which a link elsewhere may lead. On loopback
 * the host must be named as such, so that no other site's name can be bound to this address; elsewhere every request needs the
 * token.
 */
final class Guard {

    private static final int MOST_URI = 1 << 14; // the names of all the runs that the page lets one choose
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final String host;
    private final String cookie; // with the port in its name: a browser sends it to all ports
    private final @Nullable String token;

    /**
     * A guard.
     *
     * @param bound what is listened on
     * @param token what those must know who come from elsewhere; null for loopback alone
     */
    Guard(InetSocketAddress bound, @Nullable String token) {
        host = host(bound.getAddress());
        cookie = "sab" + bound.getPort();
        this.token = token;
    }

    /**
     * A request that is not answered.
     *
     * @param status of HTTP
     * @param reason one sentence
     */
    record Refusal(int status, String reason) {}

    /** An address as it stands in a link. */
    static String host(InetAddress address) {
        String text = address.getHostAddress();
        return switch (text) {
            case "127.0.0.1" -> "localhost";
            case "0:0:0:0:0:0:0:1" -> "[::1]";
            default -> address instanceof Inet6Address ? "[" + text.replace("%", "%25") + "]" : text;
        };
    }

    /** Why a request is refused; null if it is not. */
    @Nullable
    Refusal refuses(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        if (!Set.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
            return new Refusal(405, "Only reading is possible here.");
        } else if (exchange.getRequestURI().toString().length() > MOST_URI) {
            return new Refusal(414, "The address is too long: choose fewer runs.");
        } else if (hasBody(headers)) {
            return new Refusal(413, "A request must have no body.");
        } else if (!isOwn(exchange)) {
            return new Refusal(403, "This page may not be read from other sites.");
        } else if (token != null && !knowsToken(exchange, token)) {
            return new Refusal(401, "Open the address that sab printed, with its token.");
        }
        return null;
    }

    private static boolean hasBody(Headers headers) {
        String length = headers.getFirst("Content-Length");
        return headers.containsKey("Transfer-Encoding") || (length != null && !length.equals("0"));
    }

    private boolean isOwn(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        String asked = headers.getFirst("Host");
        if (asked == null || (token == null && !isHere(asked.replaceFirst(":[0-9]{1,5}$", "")))) {
            return false;
        }
        String origin = headers.getFirst("Origin");
        String site = headers.getFirst("Sec-Fetch-Site");
        return (origin == null || origin.equals("http://" + asked))
                && (site == null || site.equals("same-origin") || site.equals("none") || opensPage(exchange));
    }

    private boolean isHere(String name) {
        return LOOPBACK.contains(name) || name.equals(host);
    }

    /**
     * Whether a window goes to the page itself, as by a link in a mail. It has no data in it, and what it then asks for comes from
     * here; in a frame it may not stand.
     */
    private static boolean opensPage(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        String shownIn = headers.getFirst("Sec-Fetch-Dest");
        return exchange.getRequestMethod().equals("GET")
                && "/".equals(exchange.getRequestURI().getPath())
                && "navigate".equals(headers.getFirst("Sec-Fetch-Mode"))
                && (shownIn == null || shownIn.equals("document"));
    }

    private boolean knowsToken(HttpExchange exchange, String token) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization != null && equal(authorization, "Bearer " + token)) {
            return true;
        }
        for (String cookies : exchange.getRequestHeaders().getOrDefault("Cookie", java.util.List.of())) {
            for (String given : cookies.split(";", -1)) {
                if (equal(given.strip(), cookie + "=" + token)) {
                    return true;
                }
            }
        }
        return givenIn(exchange, token);
    }

    /** Whether the token stands in the address itself, as in the one that is printed. */
    boolean givenInAddress(HttpExchange exchange) {
        return token != null && givenIn(exchange, token);
    }

    private static boolean givenIn(HttpExchange exchange, String token) {
        return Query.of(exchange.getRequestURI()).getOrDefault("token", java.util.List.of()).stream()
                .anyMatch(given -> equal(given, token));
    }

    /** The cookie that stands for the token from then on, also where a link elsewhere leads here. */
    String cookie() {
        return cookie + "=" + token + "; HttpOnly; SameSite=Lax; Path=/";
    }

    /** In a time that does not tell how far they agree. */
    private static boolean equal(String given, String wanted) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
    }

    /** What every answer says. */
    static Map<String, String> headers() {
        return Map.of(
                "Cache-Control", "no-store",
                "X-Content-Type-Options", "nosniff",
                "X-Frame-Options", "DENY",
                "Cross-Origin-Resource-Policy", "same-origin",
                "Referrer-Policy", "no-referrer");
    }
}
