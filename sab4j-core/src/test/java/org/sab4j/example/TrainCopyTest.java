package org.sab4j.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.model.Initialization;
import org.sab4j.model.ModelTensors;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;

/** The README's example compiles, runs, and stands in the README as it is here. */
class TrainCopyTest {

    @Test
    void trainsAndSavesAModel(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("model.safetensors");

        TrainCopy.train(3, 16, 2, file);

        SequenceModel trained = ModelTensors.model(Safetensors.read(file), KernelProviders.kernels());
        assertThat(trained.config().hidden()).isEqualTo(16);
        SequenceModel drawn = trained.another();
        Initialization.DEFAULT.apply(drawn, RandomStream.of(1, "init"));
        assertThat(trained.parameters()).isNotEqualTo(drawn.parameters());
    }

    @Test
    void standsInTheReadme() throws IOException {
        String source = Files.readString(Path.of("src/test/java/org/sab4j/example/TrainCopy.java"));
        int begin = source.indexOf('\n', source.indexOf("// README: begin")) + 1;
        String example = source.substring(begin, source.indexOf("        // README: end"))
                .stripTrailing()
                .stripIndent();

        assertThat(Files.readString(Path.of("../README.md"))).contains(example);
    }
}
