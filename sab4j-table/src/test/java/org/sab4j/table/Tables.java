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

    /** Of a table with the columns {@code id} and {@code t}. */
    static TableOptions options(Goal goal, String target, int window, String... missing) {
        return new TableOptions(
                goal,
                "id",
                "t",
                target,
                List.of(),
                List.of(),
                List.of(),
                List.of(missing),
                TargetPer.AUTO,
                1,
                window,
                SplitBy.SEQUENCE,
                0.2,
                0.2,
                "none",
                1);
    }

    static TableTask open(Path data, TableOptions options, Path scratch) throws IOException {
        return TableImport.open(data, options, scratch, 1, note -> {});
    }

    static int[] all(TableTask task, Part part) {
        return java.util.stream.IntStream.range(0, task.sequences(part)).toArray();
    }
}
