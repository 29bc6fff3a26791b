package org.sab4j.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.Reminder;
import org.sab4j.model.SequenceModel;
import org.sab4j.table.StreamRow.BadLine;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Predictions for rows as they come: a line of JSON for each, {@code {"machine": "M7", "minute": 3, "event": "load"}}, and a line of JSON
 * as the answer. Rows of many sequences may come in turn.
 *
 * <p>Memory is bounded: by how many sequences are known at a time (that which had no row for the longest time is forgotten for a new
 * one, and begins anew if it comes again), and, for each, by the encoding's window and the policy by which a model keeps memories.
 *
 * <p>Any number of threads may use a stream, which serves one at a time.
 */
public final class TableStream {

    /** ASCII alone, so that the terminal's character set makes no difference. */
    private static final JsonMapper JSON = new JsonMapper(
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build());

    private final SequenceModel model;
    private final TableEncoding encoding;
    private final WritePolicy policy;
    private final Windows windows;
    private final StreamRow reader;
    private final UnknownWords unknown;
    private final float[] inputs;
    private final List<String> answers; // their names
    private final Map<String, StreamedSequence> sequences;
    private int reminders; // told of a step
    private long lines;
    private long bad;
    private long forgotten;

    /**
     * A stream with no sequences yet.
     *
     * @param model whose inputs and outputs are the encoding's
     * @param policy which memories of a sequence are kept; with the model's k_att
     * @param most how many sequences are known at a time, at least 1
     * @throws IllegalArgumentException if the model is of another encoding or has another k_att, or no sequence could be known
     */
    public TableStream(SequenceModel model, TableEncoding encoding, WritePolicy policy, int most) {
        encoding.checkFit(model.config());
        model.check(policy);
        if (most < 1) {
            throw new IllegalArgumentException("A stream knows at least 1 sequence: " + most);
        }
        this.model = model;
        this.policy = policy;
        this.encoding = encoding;
        windows = new Windows(encoding.window());
        reader = new StreamRow(encoding);
        unknown = new UnknownWords(encoding);
        inputs = new float[encoding.inputs()];
        answers = PredictionTable.answers(encoding);
        sequences = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, StreamedSequence> eldest) {
                boolean full = size() > most;
                forgotten += full ? 1 : 0;
                return full;
            }
        };
    }

    /**
     * From now on answers say which past steps of the sequence the model was reminded of, the largest weight first: {@code "reminders":
     * [{"step": 12, "weight": 0.71}]}, steps from 1.
     *
     * @param most how many of a step, up to {@link Reminder#MOST}; 0 for none
     */
    public synchronized void remind(int most) {
        if (most < 0 || most > Reminder.MOST) {
            throw new IllegalArgumentException("Reminders are 0 to " + Reminder.MOST + " of a step: " + most);
        }
        reminders = most;
    }

    /**
     * Keeps all sequences in a file, from which another stream of the same model may go on.
     *
     * @param metadata what the file is to say besides
     * @throws IOException if it cannot be written; what was there is untouched then
     */
    public synchronized void save(Path file, SequencedMap<String, String> metadata) throws IOException {
        SequencedMap<String, TensorData> tensors;
        try {
            tensors = StreamFile.tensors(model, sequences);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " could not be written: " + e.getMessage(), e);
        }
        Safetensors.write(file, metadata, tensors);
    }

    /**
     * Goes on with the sequences of a file. Of more than may be known at a time those without a row for the longest time are forgotten.
     *
     * @throws FormatException if it holds none, or those of another model, or more memories of one than the policy keeps; what is known is
     *     as it was then
     */
    public synchronized void resume(Safetensors file) throws FormatException {
        sequences.putAll(StreamFile.read(file, model, policy, windows));
    }

    /** How many sequences are known. */
    public synchronized int known() {
        return sequences.size();
    }

    /** How many lines were answered with an error. */
    public synchronized long bad() {
        return bad;
    }

    /** How many sequences were forgotten. */
    public synchronized long forgotten() {
        return forgotten;
    }

    /** A sentence for each column of which words came that the model does not know. */
    public synchronized List<String> unknownWords() {
        return unknown.notes();
    }

    /** The answer to a line, see {@link #answer(byte[])}. */
    public String answer(String line) {
        return answer(line.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The answer to a line in UTF-8, a line of JSON: the row's sequence and order, how many steps the sequence has had, {@code
     * prediction}, for classes {@code probability_CLASS}, what {@link #remind} asks for, and, if there are such, {@code "unknown":
     * ["event"]}: the columns whose word the model does not know. For a line that is no row, and where what the model says is no
     * number, the line's number and what is wrong, {@code error}; the next is read all the same.
     *
     * @throws IllegalArgumentException if the model has been {@linkplain SequenceModel#prepare prepared} again since the row's sequence
     *     began, as after training: it takes a new stream; the sequences of this one are left as they were
     */
    public synchronized String answer(byte[] line) {
        lines++;
        try {
            return answer(StreamRow.object(line));
        } catch (BadLine e) {
            bad++;
            ObjectNode answer = JSON.createObjectNode();
            answer.put("line", lines);
            answer.put("error", "line " + lines + " " + e.getMessage());
            return JSON.writeValueAsString(answer);
        }
    }

    private String answer(JsonNode row) throws BadLine {
        String name = reader.sequence(row);
        BigDecimal order = reader.order(row);
        double[] raw = reader.raw(row);
        StreamedSequence known = sequences.get(name);
        StreamedSequence sequence = known == null ? new StreamedSequence(model, policy, windows) : known;
        if (!sequence.follows(order)) {
            throw new BadLine("is not behind the rows before in the order of " + TableException.quoted(encoding.order())
                    + ": rows must come in their order");
        }
        encoding.encode(raw, inputs, 0);
        float[] outputs;
        try {
            outputs = sequence.step(inputs, order);
        } catch (ArithmeticException | IllegalStateException e) { // too large, or too many memories
            throw new BadLine("is a row, but no step of it: " + e.getMessage());
        }
        if (known == null) {
            sequences.put(name, sequence);
        }
        Prediction prediction = prediction(outputs);
        ObjectNode answer = JSON.createObjectNode();
        echo(row, encoding.sequence(), answer);
        echo(row, encoding.order(), answer);
        answer.put(free(answer, "step"), sequence.steps());
        switch (prediction) {
            case Prediction.OfClass found -> {
                answer.put(free(answer, answers.getFirst()), found.name());
                for (int c = 0; c < found.probabilities().length; c++) {
                    answer.put(free(answer, answers.get(1 + c)), found.probabilities()[c]);
                }
            }
            case Prediction.OfValue found -> answer.put(free(answer, answers.getFirst()), found.value());
        }
        if (reminders > 0) {
            ArrayNode list = answer.putArray(free(answer, "reminders"));
            sequence.reminders().stream()
                    .limit(reminders)
                    .forEach(reminder ->
                            list.addObject().put("step", reminder.step()).put("weight", reminder.weight()));
        }
        List<String> columns = unknown.add(raw, i -> reader.word(row, i));
        if (!columns.isEmpty()) {
            ArrayNode list = answer.putArray(free(answer, "unknown"));
            columns.forEach(list::add);
        }
        return JSON.writeValueAsString(answer);
    }

    private Prediction prediction(float[] outputs) throws BadLine {
        try {
            return Prediction.of(encoding.outcome(), outputs, 0);
        } catch (ArithmeticException e) {
            throw new BadLine("is a row, but " + e.getMessage());
        }
    }

    private static void echo(JsonNode row, String column, ObjectNode answer) {
        JsonNode value = row.get(column);
        if (!column.isEmpty() && value != null) {
            answer.set(column, value);
        }
    }

    /** A name that nothing in the answer has yet. */
    private static String free(ObjectNode answer, String wanted) {
        String name = wanted;
        for (int i = 2; answer.has(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }
}
