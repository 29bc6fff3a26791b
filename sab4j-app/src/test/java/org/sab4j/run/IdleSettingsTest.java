package org.sab4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A setting that is said to play no part beside another's value leaves every figure of a run as it is. */
class IdleSettingsTest {

    /** Given, so that no section of the defaults brings others along. */
    private static final List<String> FIXED = List.of(
            "--updates=20",
            "--log-every=1",
            "--gate-spread=0",
            "--forget-spread=1",
            "--score-scale=1",
            "--score-bound=0",
            "--score-credit=true",
            "--early-rate=1",
            "--early-until=5",
            "--early-fade=10");

    private static final Map<String, List<String>> TWO = Map.ofEntries(
            Map.entry("attention-hidden", List.of("4", "9")),
            Map.entry("k-top", List.of("1", "3")),
            Map.entry("k-att", List.of("1", "3")),
            Map.entry("score", List.of("mlp", "salience")),
            Map.entry("sparsifier", List.of("softmax", "relu")),
            Map.entry("epsilon", List.of("0.01", "1")),
            Map.entry("score-scale", List.of("0.1", "1")),
            Map.entry("mental-updates", List.of("true", "false")),
            Map.entry("direct-credit", List.of("true", "false")),
            Map.entry("score-credit", List.of("true", "false")),
            Map.entry("memory-bound", List.of("0", "0.001")),
            Map.entry("max-hops", List.of("0", "1")),
            Map.entry("keep", List.of("all --memories=0", "latest --memories=2")),
            Map.entry("memories", List.of("2 --keep=latest", "3 --keep=latest")),
            Map.entry("score-bound", List.of("0", "1")),
            Map.entry("clip-norm", List.of("1", "0.001")),
            Map.entry("beta3", List.of("0.9", "0.99")),
            Map.entry("early-until", List.of("5", "8")),
            Map.entry("early-fade", List.of("10", "15")));

    @TempDir
    private Path folder;

    static Stream<Arguments> idle() {
        return Settings.GENERAL.stream()
                .flatMap(entry -> Stream.of(entry.about().idleWith()).map(with -> Arguments.of(entry.key(), with)));
    }

    @ParameterizedTest
    @MethodSource("idle")
    void itChangesNothing(String key, String with) throws Exception {
        assertThat(figures(key, with, 0)).isEqualTo(figures(key, with, 1));
    }

    private List<String> figures(String key, String with, int which) throws Exception {
        List<String> options = new ArrayList<>(FIXED);
        Stream.of(with.split(" ")).forEach(condition -> options.add("--" + condition));
        options.addAll(
                List.of(("--" + key + "=" + Objects.requireNonNull(TWO.get(key)).get(which)).split(" ")));
        Path path = folder.resolve(String.valueOf(which));
        Small.train(path, event -> {}, options.toArray(String[]::new));
        return Small.metrics(path);
    }
}
