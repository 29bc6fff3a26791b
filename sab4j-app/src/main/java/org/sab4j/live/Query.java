package org.sab4j.live;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What stands behind the question mark of an address. */
final class Query {

    private Query() {}

    /** Values by name, in order. All can be decoded: a % that is no escape is in no {@link URI}. */
    static Map<String, List<String>> of(URI address) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        String query = address.getRawQuery();
        if (query == null) {
            return values;
        }
        for (String pair : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            String value = parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
            values.computeIfAbsent(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), key -> new ArrayList<>())
                    .add(value);
        }
        return values;
    }
}
