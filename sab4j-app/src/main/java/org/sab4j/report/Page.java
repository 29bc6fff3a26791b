package org.sab4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sab4j.run.Version;
import tools.jackson.databind.json.JsonMapper;

/** The page: one file with all it needs, which works from the file system without a network. */
public final class Page {

    /** The scripts of the page, in order, after the chart library's. */
    private static final List<String> SCRIPTS =
            List.of("format.js", "charts.js", "attention.js", "explorer.js", "tables.js", "live.js", "page.js");

    private static final Pattern PART = Pattern.compile("\\{\\{([a-z]+)}}");
    private static final JsonMapper JSON = new JsonMapper();

    private Page() {}

    /**
     * The page with its data.
     *
     * @param title what the browser's window is called
     * @param data what the page shows
     */
    static String html(String title, Object data) {
        Map<String, String> parts =
                Map.of("title", escaped(title), "style", text("page.css"), "data", json(data), "scripts", scripts());
        return PART.matcher(text("page.html"))
                .replaceAll(part -> Matcher.quoteReplacement(Objects.requireNonNull(parts.get(part.group(1)))));
    }

    /** The page that asks the server that it came from for its data. */
    public static String live() {
        return html("sab4j", Map.of("live", true, "version", Version.sab4j(), "runs", List.of(), "groups", List.of()));
    }

    /** JSON that can stand in a script element. */
    static String json(Object data) {
        return JSON.writeValueAsString(data)
                .replace("<", "\\u003c")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static String scripts() {
        StringBuilder scripts = new StringBuilder(text("echarts.min.js"));
        for (String script : SCRIPTS) {
            scripts.append("\n;\n").append(text(script));
        }
        return scripts.toString().replace("</script", "<\\/script");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String text(String name) {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
