package org.sab4j.table;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.sab4j.task.Part;

/** Tables for tests. */
final class Tables {

    private Tables() {}

    static Path write(Path folder, String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Machines with a class each: {@code id,t,temp,event,state}. */
    static Path machines(Path folder, int machines, int steps) throws IOException {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder("id,t,temp,event,state\n");
        for (int i = 0; i < machines; i++) {
            int length = steps + i % 3;
            for (int t = 0; t < length; t++) {
                text.append("m").append(i).append(',').append(t).append(',');
                text.append(random.nextInt(10) == 0 ? "" : String.valueOf(20 + random.nextInt(100) / 10.0))
                        .append(',');
                text.append(List.of("start", "load", "idle").get(random.nextInt(3)))
                        .append(',');
                text.append(i % 2 == 0 ? "ok" : "fault").append('\n');
            }
        }
        return Files.writeString(folder.resolve("machines.csv"), text.toString());
    }

    /** Options, of which a test says what matters to it. */
    static final class Options {

        private final Goal goal;
        private final String target;
        private String sequence = "";
        private String order = "";
        private List<String> features = List.of();
        private List<String> without = List.of();
        private List<String> categorical = List.of();
        private List<String> missing = List.of();
        private TargetPer per = TargetPer.AUTO;
        private int horizon = 1;
        private int window;
        private SplitBy split = SplitBy.AUTO;
        private double validation = 0.2;
        private double test = 0.2;
        private String classWeights = "none";
        private long seed = 1;

        private Options(Goal goal, String target) {
            this.goal = goal;
            this.target = target;
        }

        Options keys(String sequenceColumn, String orderColumn) {
            sequence = sequenceColumn;
            order = orderColumn;
            return this;
        }

        Options columns(List<String> used, List<String> leftOut, List<String> names) {
            features = used;
            without = leftOut;
            categorical = names;
            return this;
        }

        Options missing(String... texts) {
            missing = List.of(texts);
            return this;
        }

        Options per(TargetPer what) {
            per = what;
            return this;
        }

        Options horizon(int steps) {
            horizon = steps;
            return this;
        }

        Options window(int steps) {
            window = steps;
            return this;
        }

        Options split(SplitBy how) {
            split = how;
            return this;
        }

        Options shares(double ofValidation, double ofTest) {
            validation = ofValidation;
            test = ofTest;
            return this;
        }

        Options classWeights(String weights) {
            classWeights = weights;
            return this;
        }

        Options seed(long number) {
            seed = number;
            return this;
        }

        TableOptions build() {
            return new TableOptions(
                    goal,
                    sequence,
                    order,
                    target,
                    features,
                    without,
                    categorical,
                    missing,
                    per,
                    horizon,
                    window,
                    split,
                    validation,
                    test,
                    classWeights,
                    seed);
        }
    }

    static Options of(Goal goal, String target) {
        return new Options(goal, target);
    }

    /** Of a table with the columns {@code id} and {@code t}. */
    static TableOptions options(Goal goal, String target, int window, String... missing) {
        return of(goal, target)
                .keys("id", "t")
                .missing(missing)
                .window(window)
                .split(SplitBy.SEQUENCE)
                .build();
    }

    static TableTask open(Path data, TableOptions options, Path scratch) throws IOException {
        return TableImport.open(data, options, scratch, 1, note -> {});
    }

    static int[] all(TableTask task, Part part) {
        return java.util.stream.IntStream.range(0, task.sequences(part)).toArray();
    }
}
