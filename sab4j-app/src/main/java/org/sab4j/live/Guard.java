package org.sab4j.live;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask what: reading alone, without a body, of a page that came from here. On loopback the host must be named as such, so that
 * no other site's name can be bound to this address; elsewhere every request needs the token.
 */
final class Guard {

    private static final int MOST_URI = 4096;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String COOKIE = "sab";

    private final @Nullable String token;

    /**
     * A guard.
     *
     * @param token what those must know who come from elsewhere; null for loopback alone
     */
    Guard(@Nullable String token) {
        this.token = token;
    }

    /**
     * A request that is not answered.
     *
     * @param status of HTTP
     * @param reason one sentence
     */
    record Refusal(int status, String reason) {}

    /** Why a request is refused; null if it is not. */
    @Nullable
    Refusal refuses(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        if (!Set.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
            return new Refusal(405, "Only reading is possible here.");
        } else if (exchange.getRequestURI().toString().length() > MOST_URI) {
            return new Refusal(414, "The address is too long.");
        } else if (hasBody(headers)) {
            return new Refusal(413, "A request must have no body.");
        } else if (!isOwn(headers)) {
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

    private boolean isOwn(Headers headers) {
        String host = headers.getFirst("Host");
        if (host == null || (token == null && !LOOPBACK.contains(host.replaceFirst(":[0-9]{1,5}$", "")))) {
            return false;
        }
        String origin = headers.getFirst("Origin");
        String site = headers.getFirst("Sec-Fetch-Site");
        return (origin == null || origin.equals("http://" + host))
                && (site == null || site.equals("same-origin") || site.equals("none"));
    }

    private static boolean knowsToken(HttpExchange exchange, String token) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization != null && equal(authorization, "Bearer " + token)) {
            return true;
        }
        for (String cookies : exchange.getRequestHeaders().getOrDefault("Cookie", java.util.List.of())) {
            for (String cookie : cookies.split(";", -1)) {
                if (equal(cookie.strip(), COOKIE + "=" + token)) {
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

    /** The cookie that stands for the token from then on. */
    String cookie() {
        return COOKIE + "=" + token + "; HttpOnly; SameSite=Strict; Path=/";
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
