package org.sab4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sab4j.batch.Batch;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.memory.Keep;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.tensor.Shape;
import org.sab4j.testing.Pass;
import org.sab4j.testing.Samples;

/** A model goes to a file and comes back the same. */
class ModelTensorsTest {

    static Stream<ModelConfig> configs() {
        return Stream.of(
                ModelConfig.sab(3, 6, 4),
                Samples.lstm(5),
                ModelConfig.sab(3, 6, 4).with(MentalUpdates.DIRECT),
                new ModelConfig(
                        3,
                        7,
                        2,
                        5,
                        Attention.SPARSE,
                        ScoreKind.SALIENCE,
                        Sparsifier.RELU,
                        4,
                        3,
                        6,
                        MentalUpdates.OFF,
                        1e-3f,
                        0.25f,
                        false,
                        2.5f,
                        3,
                        Keep.SURPRISING,
                        12,
                        0),
                Samples.sab(2, 1, 5).searching(5),
                new ModelConfig(
                        4,
                        5,
                        9,
                        2,
                        Attention.DENSE,
                        ScoreKind.MLP,
                        Sparsifier.SOFTMAX,
                        0,
                        1,
                        0,
                        MentalUpdates.ON,
                        0,
                        1));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void roundTrip(ModelConfig config, @TempDir Path folder) throws IOException {
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 1);
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(
                file, ModelTensors.metadata(config), ModelTensors.tensors(model.layout(), model.parameters(), ""));
        SequenceModel read = ModelTensors.model(Safetensors.read(file), KernelProviders.kernels());
        assertThat(read.config()).isEqualTo(config);
        assertThat(SequenceModel.parameters(config)).isEqualTo(read.layout().size());
        assertThatThrownBy(() -> read.layout().add("another", Shape.of(1))).isInstanceOf(IllegalStateException.class);
        assertThat(read.parameters()).isEqualTo(model.parameters());
        Batch batch = Samples.batch(config, 2, 9, 1);
        assertThat(Pass.forward(read, batch, 1).trace().window.y)
                .isEqualTo(Pass.forward(model, batch, 1).trace().window.y);
    }

    @Test
    void refusesWhatItDoesNotKnow(@TempDir Path folder) throws IOException {
        ModelConfig config = Samples.lstm(5);
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 1);
        for (String[] setting :
                new String[][] {{"score", "telepathy"}, {"hidden", "many"}, {"k_top", "-1"}, {"mental_updates", "true"}
                }) {
            var metadata = new LinkedHashMap<>(ModelTensors.metadata(config));
            metadata.put(setting[0], setting[1]);
            Path file = folder.resolve(setting[0] + ".safetensors");
            Safetensors.write(file, metadata, ModelTensors.tensors(model.layout(), model.parameters(), ""));
            Safetensors content = Safetensors.read(file);
            assertThatThrownBy(() -> ModelTensors.config(content))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("does not know");
        }
        var hostile = new LinkedHashMap<>(ModelTensors.metadata(config));
        hostile.put("hidden", "\u001b[2J" + "9".repeat(1000));
        assertThatThrownBy(() -> ModelTensors.config(new Safetensors(Path.of("x"), hostile, new LinkedHashMap<>())))
                .hasMessage(
                        "x holds a setting that this version does not know: hidden \"?[2J" + "9".repeat(56) + "…\"");
        var metadata = new LinkedHashMap<>(ModelTensors.metadata(config));
        metadata.put("hidden", "30000");
        Path file = folder.resolve("large.safetensors");
        Safetensors.write(file, metadata, ModelTensors.tensors(model.layout(), model.parameters(), ""));
        Safetensors content = Safetensors.read(file);
        assertThatThrownBy(() -> ModelTensors.model(content, KernelProviders.kernels()))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("too large: 30000 hidden units");
    }

    /** Before there is room for what the metadata ask for, here 8 GB. */
    @Test
    void refusesAModelThatTheFileDoesNotHold() {
        ModelConfig config = Samples.lstm(5);
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 1);
        var metadata = new LinkedHashMap<>(ModelTensors.metadata(config));
        metadata.put("hidden", "22000");
        Safetensors content = new Safetensors(
                Path.of("small"), metadata, ModelTensors.tensors(model.layout(), model.parameters(), ""));
        assertThatThrownBy(() -> ModelTensors.model(content, KernelProviders.kernels()))
                .isInstanceOf(FormatException.class)
                .hasMessage(
                        "small holds 204 numbers, and a model of 22000 hidden units as in its metadata has 1936440004"
                                + " parameters");
    }

    @Test
    void refusesParametersThatAreNotFinite() {
        ModelConfig config = Samples.sab(2, 1, 5);
        SequenceModel model = Samples.model(config, KernelProviders.kernels(), 1);
        for (float wrong : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            var tensors = ModelTensors.tensors(model.layout(), model.parameters(), "");
            float[] bias = new float[config.outputs()];
            bias[3] = wrong;
            tensors.put("output.bias", TensorData.of(bias, bias.length));
            Safetensors content = new Safetensors(Path.of("bad"), ModelTensors.metadata(config), tensors);
            assertThatThrownBy(() -> ModelTensors.model(content, KernelProviders.kernels()))
                    .isInstanceOf(FormatException.class)
                    .hasMessage(
                            "bad holds " + wrong + " in the tensor \"output.bias\", with which nothing can be computed:"
                                    + " take an earlier file");
        }
    }
}
