package org.sab4j.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.model.Initialization;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.OnlineState;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.task.Part;
import org.sab4j.train.Adam;
import org.sab4j.train.Course;
import org.sab4j.train.ThreadTeam;
import org.sab4j.train.TrainConfig;
import org.sab4j.train.TrainEvent;
import org.sab4j.train.TrainState;
import org.sab4j.train.Trainer;

/** The documentation's example of a task compiles, learns, is stepped online, and stands in the documentation as it is here. */
class ParityTest {

    @Test
    void learnsAndIsSteppedOnline() {
        Parity task = Parity.random(400, 4, 1);
        SequenceModel model =
                new SequenceModel(ModelConfig.sab(task.inputs(), 16, task.outputs()), KernelProviders.kernels());
        Initialization.DEFAULT.apply(model, RandomStream.of(1, "init"));
        long epochs = 40;
        TrainConfig config = new TrainConfig(
                20,
                epochs * Course.updatesPerEpoch(task, 20),
                Course.updatesPerEpoch(task, 20),
                1000,
                new Adam(0.01, 0.9, 0.999, 1e-8),
                1,
                0,
                20,
                10);
        List<Double> accuracies = new ArrayList<>();
        try (ThreadTeam team = new ThreadTeam(1)) {
            new Trainer(model, task, config, TrainState.start(model, 1), team)
                    .run(
                            event -> {
                                if (event instanceof TrainEvent.Evaluated evaluated) {
                                    accuracies.add(Objects.requireNonNull(
                                            evaluated.measures().get("accuracy")));
                                }
                            },
                            () -> false);
        }
        assertThat(accuracies).hasSize(40);
        assertThat(accuracies.getLast()).isGreaterThan(0.95);

        Batch batch = task.batch(Part.TEST, new int[] {0});
        int[] bits = ((Inputs.Symbols) batch.inputs()).values();
        OnlineState state = model.start();
        for (int bit : bits) {
            state = model.step(bit, state);
        }
        double[] probabilities = state.probabilities();
        assertThat(probabilities[0] + probabilities[1]).isCloseTo(1, within(1e-9));
        assertThat(probabilities[((Targets.Classes) batch.targets()).values()[bits.length - 1]])
                .isGreaterThan(0.5);

        double odd;
        try (ThreadTeam team = new ThreadTeam(1)) {
            odd = AskParity.odd(model, List.of(batch.inputs()), team)[0];
        }
        assertThat(odd).isCloseTo(probabilities[1], within(1e-5));
        AskParity.listen(model, List.of(1, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Parity", "AskParity"})
    void standsInTheDocumentation(String name) throws IOException {
        String source = Files.readString(Path.of("src/test/java/org/sab4j/example/" + name + ".java"));
        int begin = source.indexOf('\n', source.indexOf("// doc: begin")) + 1;
        String example = source.substring(begin, source.indexOf("// doc: end"))
                .stripTrailing()
                .stripIndent();

        assertThat(Files.readString(Path.of("../docs/data.md"))).contains(example);
    }
}
