package org.sab4j.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.model.ModelTensors;

/** The README's example compiles, runs, and stands in the README as it is here. */
class TrainCopyTest {

    @Test
    void trainsAndSavesAModel(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("model.safetensors");

        TrainCopy.train(3, 16, 2, file);

        assertThat(ModelTensors.model(Safetensors.read(file), KernelProviders.kernels())
                        .config()
                        .hidden())
                .isEqualTo(16);
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
