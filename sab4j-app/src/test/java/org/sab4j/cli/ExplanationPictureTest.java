package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sab4j.report.Explanation;
import org.sab4j.report.Explanation.Credit;
import org.sab4j.report.Explanation.Output;
import org.sab4j.report.Explanation.Sequence;
import org.sab4j.report.Explanation.Share;
import org.sab4j.report.Look;

/** A long sequence in a narrow terminal. */
class ExplanationPictureTest {

    private static final int STEPS = 100;

    private static final Look LOOK = new Look(
            List.of(),
            IntStream.rangeClosed(1, 26)
                    .mapToObj(i -> new Look.Quantity("feature " + i, 0, 1, false))
                    .toList(),
            List.of("no", "yes"),
            null,
            null);

    /** 26 features, of which the n-th has its one peak at step 4 n − 3; the last step says no, and was reminded of step 50 above all. */
    private static Explanation explanation() {
        List<List<Float>> values = new ArrayList<>();
        List<List<Share>> reminders = new ArrayList<>(Collections.nCopies(STEPS - 1, List.of()));
        for (int step = 1; step <= STEPS; step++) {
            int now = step;
            values.add(IntStream.rangeClosed(1, 26)
                    .mapToObj(n -> now == 4 * n - 3 ? 1f : 0f)
                    .toList());
        }
        reminders.add(List.of(new Share(50, 0.5f), new Share(10, 0.25f)));
        Sequence sequence = new Sequence(
                "machine\n7",
                List.of(),
                values,
                reminders,
                List.of(new Output(STEPS, List.of(1f), List.of(0f), 0.9f)),
                1,
                List.of(new Credit(
                        STEPS,
                        0.125,
                        List.of(new Share(50, 0.0625f), new Share(100, 0.125f)),
                        List.of(new Share(100, 0.125f)))));
        return new Explanation(1234, 5, 2, true, true, true, false, 64, LOOK, List.of(sequence));
    }

    @Test
    void ofSixtyColumns() {
        String picture = ExplanationPicture.of(explanation(), 60, false);
        assertThat(picture.lines().map(String::stripTrailing))
                .containsExactlyElementsOf("""
                machine?7, 100 steps; the model of update 1,234

                                      1─────────────────────────────────100
                  feature 1           █
                  feature 2            █
                  feature 3              █
                  feature 4               █
                  feature 5                 █
                  feature 6                  █
                  feature 7                    █
                  feature 8                     █
                  feature 9                       █
                  feature 10                       █
                  feature 11                         █
                  feature 12                          █
                  feature 13                            █
                  feature 14                             █
                  feature 15                               █
                  feature 16                                █
                  feature 17                                  █
                  feature 18                                   █
                  feature 19                                     █
                  feature 20                                      █
                  feature 21                                       █
                  feature 22                                         █
                  feature 23                                          █
                  feature 24                                            █
                                      and 2 more features

                reminded of
                  100 no not yes         ▄              █
                                      step 50: 0.50   10: 0.25   nothing: 0.25

                credit from step 100 (gradient of its outputs: 0.13)
                  mental updates                        ▄                 █
                                      step 100: 0.13   50: 0.063
                  without                                                 █
                                      step 100: 0.13

                """.lines().toList());
    }
}
