package org.sab4j.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sab4j.run.YamlNode;

/** How long a sweep will take. */
class OverviewTest {

    /** What an earlier sitting has trained is not counted again. */
    @Test
    void onlyWhatIsLeftTakesTime() throws Exception {
        String text = "settings: {task: copy, updates: 1000}\nseeds: [1, 2, 3]";
        List<Trial> trials = Sweep.planned(SweepFile.plan(YamlNode.parse("s.yaml", text), false), Path.of("s"), 1);
        Overview overview = new Overview(trials, trials, 1);
        overview.known(trials.get(0), record(1000)); // to be measured
        overview.known(trials.get(1), record(400));
        assertThat(overview.remaining().orElseThrow()).isCloseTo(60 * (6 + 10), within(1e-6));
        overview.accept(new TrialEvent.Began(trials.get(2), 900, List.of()), 0);
        assertThat(overview.remaining().orElseThrow()).isCloseTo(60 * (6 + 1), within(1e-6));
    }

    /** A hundred updates a minute. */
    private static TrialRecord record(long updates) {
        return new TrialRecord(
                TrialRecord.End.UPDATES,
                null,
                updates,
                updates,
                0,
                updates / 100.0,
                new TrialRecord.Course(0, 0),
                new LinkedHashMap<>(),
                List.of());
    }
}
