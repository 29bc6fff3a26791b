package org.sab4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Of many evaluations some from the whole of training, whatever the file holds. */
class AttentionHistoryTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final AttentionHistory history = new AttentionHistory();

    private void accept(String line) {
        history.accept(JSON.readTree(line));
    }

    private static String line(long update) {
        return "{\"kind\":\"attention\",\"update\":" + update
                + ",\"steps\":6,\"from\":5,\"weights\":[[0.25,0,0.75],[0,1,0]]}";
    }

    private List<Long> updates() {
        return history.snapshots().stream()
                .map(AttentionHistory.Snapshot::update)
                .toList();
    }

    /** The first, the last, and those between at equal distances, but for the one before the last. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 39, 40, 41, 42, 79, 80, 81, 500})
    void evenlySpaced(int lines) {
        for (int i = 0; i < lines; i++) {
            accept(line(10L * i));
        }
        List<Long> updates = updates();
        assertThat(updates).hasSizeBetween(Math.min(lines, 20), 40);
        assertThat(updates.getFirst()).isZero();
        assertThat(updates.getLast()).isEqualTo(10L * (lines - 1));
        if (lines > 1) {
            long distance = updates.get(1);
            assertThat(updates.subList(0, updates.size() - 1))
                    .isEqualTo(LongStream.range(0, updates.size() - 1)
                            .map(i -> i * distance)
                            .boxed()
                            .toList());
            assertThat(updates.getLast() - updates.get(updates.size() - 2)).isBetween(10L, distance);
        }
    }

    @Test
    void whatALineSays() {
        accept(line(7));
        assertThat(history.snapshots())
                .containsExactly(new AttentionHistory.Snapshot(
                        7, 6, 5, List.of(List.of(0.25f, 0f, 0.75f), List.of(0f, 1f, 0f))));
        history.clear();
        assertThat(history.snapshots()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"update\":20}",
                "{\"update\":20,\"steps\":6,\"from\":5,\"weights\":[]}",
                "{\"update\":20,\"steps\":6,\"from\":5,\"weights\":[[]]}",
                "{\"update\":20,\"steps\":6,\"from\":5,\"weights\":[[0.5,0.5],[1]]}",
                "{\"update\":20,\"steps\":6,\"from\":5,\"weights\":\"none\"}",
                "{\"update\":20,\"steps\":6,\"from\":0,\"weights\":[[1]]}",
                "{\"update\":20,\"steps\":4,\"from\":5,\"weights\":[[1]]}",
                "{\"update\":20,\"from\":5,\"weights\":[[1]]}",
                "[1,2]"
            })
    void aBrokenLineCountsForNothing(String broken) {
        accept(line(10));
        accept(broken);
        assertThat(updates()).containsExactly(10L);
        accept(line(30));
        assertThat(updates()).containsExactly(10L, 30L);
    }

    /** A file of somebody else's must not fill the memory. */
    @Test
    void aLineThatIsHugeCountsForNothing() {
        String row = "[" + "0,".repeat(511) + "0]";
        String most = "{\"update\":20,\"steps\":6,\"from\":5,\"weights\":[" + (row + ",").repeat(127) + row + "]}";
        accept(most);
        assertThat(updates()).containsExactly(20L);
        accept(most.replace("\"weights\":[", "\"weights\":[" + row + ","));
        assertThat(updates()).containsExactly(20L);
    }
}
