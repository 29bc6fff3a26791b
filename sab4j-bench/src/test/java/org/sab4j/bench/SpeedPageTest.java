package org.sab4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SpeedPageTest {

    private static final Path DOCS = Path.of("..", "docs");

    /** {@code compare page docs/speed.json --out docs/speed.md} makes it so. */
    @Test
    void theDocumentationsPageIsMadeFromWhatWasMeasured() throws Exception {
        SpeedReport report =
                JsonMapper.shared().readValue(Files.readString(DOCS.resolve("speed.json")), SpeedReport.class);
        assertThat(DOCS.resolve("speed.md")).hasContent(SpeedPage.text(report));
    }
}
