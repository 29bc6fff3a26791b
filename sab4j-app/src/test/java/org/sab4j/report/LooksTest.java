package org.sab4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.sab4j.batch.Inputs;
import org.sab4j.data.image.Images;
import org.sab4j.data.image.PixelTask;
import org.sab4j.table.Feature;
import org.sab4j.table.Goal;
import org.sab4j.table.Outcome;
import org.sab4j.table.TableEncoding;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Part;

class LooksTest {

    /** Each step's input, put back where the look says that it belongs, is the image that it came from. */
    @Test
    void anImageCanBePutTogetherAgain() {
        byte[] pixels = new byte[2 * 6];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (20 * i + 5);
        }
        Images images = new Images(3, 2, 1, pixels, new byte[] {1, 2});
        PixelTask task = new PixelTask("images", images, images, 1, 7);
        Look look = Looks.of(task);
        Look.Picture picture = Objects.requireNonNull(look.picture());
        assertThat(picture.width()).isEqualTo(3);
        assertThat(picture.height()).isEqualTo(2);
        assertThat(picture.pixels())
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5)
                .isNotEqualTo(List.of(0, 1, 2, 3, 4, 5));
        float[] inputs = ((Inputs.Vectors) task.batch(Part.TEST, new int[] {1}).inputs()).values();
        float least = picture.least().getFirst();
        float largest = picture.largest().getFirst();
        for (int step = 0; step < 6; step++) {
            int value = Math.round(255 * (inputs[step] - least) / (largest - least));
            assertThat(value).isEqualTo(pixels[6 + picture.pixels().get(step)] & 0xff);
        }
    }

    @Test
    void blanksAreNoDigits() {
        Look look = Looks.of(new CopyTask(5));
        assertThat(look.symbols()).startsWith("·", "1").endsWith("9");
        assertThat(Looks.visible(' ')).isEqualTo("␣");
        assertThat(Looks.visible('\n')).isEqualTo("⏎");
        assertThat(Looks.visible('x')).isEqualTo("x");
    }

    @Test
    void aTablesColumnsHaveTheirNamesAndUnits() {
        TableEncoding encoding = new TableEncoding(
                Goal.REGRESS,
                "machine",
                "minute",
                TableEncoding.OrderKind.WHOLE,
                "wear",
                false,
                0,
                0,
                List.of(),
                List.of(
                        new Feature.Numeric("temperature", false, 60, 2, true),
                        new Feature.Category("event", List.of("idle", "surge"), false)),
                new Outcome.Value(100, 10));
        Look look = Looks.table(encoding);
        assertThat(look.features())
                .extracting(Look.Quantity::name)
                .containsExactly("temperature", "temperature missing", "event = idle", "event = surge");
        assertThat(look.features()).extracting(Look.Quantity::mark).containsExactly(false, true, true, true);
        assertThat(look.features().getFirst().value(1.5f)).isEqualTo(63);
        assertThat(Objects.requireNonNull(look.number()).value(-2)).isEqualTo(80);
        assertThat(look.features()).hasSize(encoding.inputs());
    }
}
