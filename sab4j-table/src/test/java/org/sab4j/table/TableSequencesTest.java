package org.sab4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.task.Part;

class TableSequencesTest {

    @TempDir
    private Path folder;

    /** What a name gives is what an evaluation of the same table sees. */
    @Test
    void areThoseOfTheTask() throws IOException {
        Path data = Tables.machines(folder, 24, 30);
        TableOptions whole = TableOptions.of(Goal.CLASSIFY, "id", "state");
        compare(data, whole);
        compare(data, Tables.options(Goal.CLASSIFY, "state", 12)); // of a sequence's pieces the last
        TableEncoding encoding = Tables.open(data, whole, folder).encoding();
        assertThat(TableSequences.read(data, encoding, List.of(), folder, 1)).containsOnlyKeys("m0");
        assertThatThrownBy(() -> TableSequences.read(data, encoding, List.of("m99"), folder, 1))
                .hasMessage(data + " has no sequence 'm99' in column 'id'");
    }

    private void compare(Path data, TableOptions options) throws IOException {
        TableEncoding encoding = Tables.open(data, options, folder).encoding();
        TableTask task = TableImport.reopen(data, encoding, folder, 1, note -> {});
        List<String> names = List.of("m3", "m1", "m10");
        Map<String, Batch> found = TableSequences.read(data, encoding, names, folder, 1);
        assertThat(found.keySet()).containsExactlyElementsOf(names);
        List<String> sorted = List.of("m0", "m1", "m10", "m11", "m12", "m13", "m14", "m15", "m16", "m17", "m18", "m19");
        for (String name : List.of("m1", "m10")) {
            Batch expected = task.batch(Part.TEST, new int[] {sorted.indexOf(name)});
            Batch actual = Objects.requireNonNull(found.get(name));
            assertThat(actual.steps()).isEqualTo(expected.steps());
            assertThat(((Inputs.Vectors) actual.inputs()).values())
                    .containsExactly(((Inputs.Vectors) expected.inputs()).values());
            assertThat(actual.targets()).usingRecursiveComparison().isEqualTo(expected.targets());
        }
    }

    /** A sequence's target is the first that it has, and none if the model does not know that. */
    @Test
    void targetsThatTheModelDoesNotKnow() throws IOException {
        TableEncoding encoding = Tables.open(
                        Tables.machines(folder, 24, 30), TableOptions.of(Goal.CLASSIFY, "id", "state"), folder)
                .encoding();
        Path data = Tables.write(
                folder,
                "odd.csv",
                "id,t,temp,event,state",
                "a,1,20,load,",
                "a,2,20,load,odd",
                "a,3,20,load,ok",
                "b,1,20,load,",
                "b,2,20,load,ok",
                "b,3,20,load,odd");
        Map<String, Batch> found = TableSequences.read(data, encoding, List.of("a", "b"), folder, 1);
        assertThat(Objects.requireNonNull(found.get("a")).targets().scored(2)).isFalse();
        assertThat(Objects.requireNonNull(found.get("b")).targets().scored(2)).isTrue();
        assertThat(TableImport.reopen(data, encoding, folder, 1, note -> {}).sequences(Part.TEST))
                .isEqualTo(1);
    }

    /** A forecast's targets stand where they are predicted, and a table without them can be explained, too. */
    @Test
    void targetsStandWhereTheyArePredicted() throws IOException {
        Path data = Tables.write(folder, "series.csv", "t,y", "1,10", "2,20", "3,30", "4,40", "5,50", "6,60");
        TableEncoding encoding = new TableEncoding(
                Goal.FORECAST,
                "",
                "t",
                TableEncoding.OrderKind.WHOLE,
                "y",
                true,
                2,
                0,
                List.of(),
                List.of(new Feature.Numeric("y", false, 0, 10, false)),
                new Outcome.Value(0, 10));
        Batch batch = Objects.requireNonNull(
                TableSequences.read(data, encoding, List.of(), folder, 1).get(""));
        assertThat(((Inputs.Vectors) batch.inputs()).values()).containsExactly(1, 2, 3, 4, 5, 6);
        for (int step = 0; step < 6; step++) {
            assertThat(batch.targets().scored(step)).isEqualTo(step < 4);
        }
        Path machines = Tables.machines(folder, 24, 30);
        TableEncoding classes = Tables.open(machines, TableOptions.of(Goal.CLASSIFY, "id", "state"), folder)
                .encoding();
        Path without = folder.resolve("without.csv");
        Files.write(
                without,
                Files.readAllLines(machines).stream()
                        .map(line -> line.substring(0, line.lastIndexOf(',')))
                        .toList());
        Batch unknown = Objects.requireNonNull(
                TableSequences.read(without, classes, List.of("m2"), folder, 1).get("m2"));
        for (int step = 0; step < unknown.steps(); step++) {
            assertThat(unknown.targets().scored(step)).isFalse();
        }
    }
}
