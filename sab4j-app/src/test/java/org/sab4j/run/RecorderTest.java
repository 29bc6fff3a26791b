package org.sab4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.train.Pace;

/** When there are checkpoints, where no evaluation makes them. */
class RecorderTest {

    @TempDir
    private Path folder;

    private static long update(Path checkpoint) {
        try {
            TensorData counters = Objects.requireNonNull(
                    Safetensors.read(checkpoint).tensors().get("train.counters"));
            return ((TensorData.Longs) counters).values()[0];
        } catch (FormatException e) {
            throw new AssertionError(e);
        }
    }

    /** After each of five updates, of which update the checkpoint is. */
    private List<Long> checkpoints(long between, String... options) throws Exception {
        List<Long> updates = new ArrayList<>();
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--evaluate-every=1000");
        try (Run run = Run.start(
                List.of(Small.layer(all.toArray(String[]::new))), folder.resolve("run"), folder, Small.KERNELS)) {
            Experiment experiment = run.experiment();
            experiment.run(
                    run.directory(),
                    false,
                    event -> {},
                    Pace.NONE,
                    () -> {
                        updates.add(update(run.directory().folder().checkpoint()));
                        return experiment.state().update() == 5;
                    },
                    () -> false,
                    between);
        }
        return updates;
    }

    @Test
    void whenTheTimeIsOver() throws Exception {
        assertThat(checkpoints(0)).endsWith(2L, 3L, 4L, 5L);
    }

    @Test
    void notBeforeTheTimeIsOver() throws Exception {
        List<Long> updates = checkpoints(Long.MAX_VALUE);
        assertThat(updates).hasSizeGreaterThanOrEqualTo(5).containsOnly(updates.getFirst());
    }

    @Test
    void afterSoManyUpdatesWhateverTheTime() throws Exception {
        assertThat(checkpoints(0, "--checkpoint-every=3")).endsWith(3L, 3L, 3L);
    }
}
