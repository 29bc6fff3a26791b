package org.sab4j.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.model.Carried;
import org.sab4j.model.ModelTensors;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.tensor.ParameterLayout;

/** All that training has come to: with the configuration, enough to go on to the same bits. */
public final class TrainState {

    private static final String DATA = "data";
    private static final String SLOW = "adam.slow_moment.";
    private static final List<String> COUNTERS = List.of(
            "update",
            "applied",
            "skipped",
            "skipped_in_row",
            "data_stream",
            "seed",
            "best_update",
            "evaluated_at",
            "solved");
    /** Of finite tasks and patience; files from before these have none, and none was needed. */
    private static final List<String> COURSE = List.of("epoch_start", "position", "since_best");

    private static final List<String> MEASURES = List.of("first_loss", "best_merit", "milliseconds");

    final float[] firstMoment;
    final float[] secondMoment;
    /** The slower average of AdEMAMix; of no length as long as there is none. */
    float[] slowMoment = new float[0];

    final float[] average;
    final RandomStream data;
    final long seed;

    long update;
    long applied;
    long skipped;
    long skippedInRow;
    long bestUpdate;
    long evaluatedAt;
    boolean solved;
    /** The stream {@link #data} as it was when the running epoch began. */
    long epochStart;
    /** How many sequences of the running epoch have been taken; where states are carried over, how many batches. */
    int position;
    /** How many evaluations ago the best model was found, not counting those where a budget ended. */
    long sinceBest;

    double firstLoss = Double.NaN;
    double bestMerit = Double.NEGATIVE_INFINITY;
    double milliseconds;

    /** What sequences leave to the next ones; null where nothing is carried over. */
    @Nullable
    Carried carried;

    private final ParameterLayout layout;
    private final float[] parameters;

    private TrainState(SequenceModel model, long seed, RandomStream data) {
        this.seed = seed;
        this.data = data;
        layout = model.layout();
        parameters = model.parameters();
        firstMoment = new float[parameters.length];
        secondMoment = new float[parameters.length];
        average = parameters.clone();
    }

    /** The start of training a model whose parameters have been drawn. */
    public static TrainState start(SequenceModel model, long seed) {
        return new TrainState(model, seed, RandomStream.of(seed, DATA));
    }

    /**
     * What {@link #tensors} has written; the model's parameters are read, too, and prepared.
     *
     * @throws FormatException if the file lacks something, or holds what no training leaves, such as parameters that are not finite; the
     *     model is left as it was
     */
    public static TrainState resume(SequenceModel model, Safetensors file) throws FormatException {
        long[] counters = file.longs("train.counters", COUNTERS.size());
        for (int i : new int[] {0, 1, 2, 3, 6, 7}) {
            if (counters[i] < 0) {
                throw new FormatException(file.file(), "counts " + counters[i] + " of \"" + COUNTERS.get(i) + "\"");
            }
        }
        double[] measures = file.doubles("train.measures", MEASURES.size());
        TrainState state = new TrainState(model, counters[5], RandomStream.resume(DATA, counters[4]));
        state.update = counters[0];
        state.applied = counters[1];
        state.skipped = counters[2];
        state.skippedInRow = counters[3];
        state.bestUpdate = counters[6];
        state.evaluatedAt = counters[7];
        state.solved = counters[8] == 1;
        state.firstLoss = measures[0];
        state.bestMerit = measures[1];
        state.milliseconds = measures[2];
        if (file.tensors().containsKey("train.course")) {
            long[] course = file.longs("train.course", COURSE.size());
            state.epochStart = course[0];
            if (course[1] < 0 || course[1] > Integer.MAX_VALUE) {
                throw new FormatException(file.file(), "stands at no sequence of an epoch: " + course[1]);
            }
            state.position = (int) course[1];
            state.sinceBest = course[2];
        }
        state.carried = Carried.read(file, model.config().hidden());
        float[] parameters = new float[state.parameters.length]; // taken over once all else has been read
        ModelTensors.readParameters(file, state.layout, parameters, "");
        ModelTensors.readParameters(file, state.layout, state.firstMoment, "adam.first_moment.");
        ModelTensors.readSquares(file, state.layout, state.secondMoment, "adam.second_moment.");
        ModelTensors.readParameters(file, state.layout, state.average, "average.");
        if (file.tensors().keySet().stream().anyMatch(name -> name.startsWith(SLOW))) {
            state.keepSlowMoment();
            ModelTensors.readParameters(file, state.layout, state.slowMoment, SLOW);
        }
        System.arraycopy(parameters, 0, state.parameters, 0, parameters.length);
        model.prepare();
        return state;
    }

    /** Everything as tensors: parameters, moments, average, counters, the data stream. Copies. */
    public SequencedMap<String, TensorData> tensors() {
        SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.putAll(ModelTensors.tensors(layout, parameters, ""));
        tensors.putAll(ModelTensors.tensors(layout, firstMoment, "adam.first_moment."));
        tensors.putAll(ModelTensors.tensors(layout, secondMoment, "adam.second_moment."));
        tensors.putAll(ModelTensors.tensors(layout, average, "average."));
        if (slowMoment.length > 0) {
            tensors.putAll(ModelTensors.tensors(layout, slowMoment, SLOW));
        }
        long[] counters = {
            update, applied, skipped, skippedInRow, data.state(), seed, bestUpdate, evaluatedAt, solved ? 1 : 0
        };
        long[] course = {epochStart, position, sinceBest};
        double[] measures = {firstLoss, bestMerit, milliseconds};
        tensors.put("train.counters", TensorData.of(counters, counters.length));
        tensors.put("train.course", TensorData.of(course, course.length));
        if (carried != null) {
            tensors.putAll(carried.tensors());
        }
        tensors.put("train.measures", TensorData.of(measures, measures.length));
        return tensors;
    }

    /** From now on there is a slower average, of zeros where there was none. */
    void keepSlowMoment() {
        if (slowMoment.length == 0) {
            slowMoment = new float[parameters.length];
        }
    }

    float[] parameters() {
        return parameters;
    }

    /** Updates gone through, the skipped ones included. */
    public long update() {
        return update;
    }

    /** Whether the latest evaluation is of the latest update. */
    public boolean isEvaluated() {
        return evaluatedAt >= update;
    }

    /** Whether the last evaluation found the task solved. */
    public boolean solved() {
        return solved;
    }

    /** Updates skipped in all. */
    public long skipped() {
        return skipped;
    }

    /** At which update the best model was found; 0 if none has been evaluated. */
    public long bestUpdate() {
        return bestUpdate;
    }

    /** How many evaluations there were since the best model was found, not counting those where a budget ended. */
    public long sinceBest() {
        return sinceBest;
    }

    /** The best merit so far, see {@link org.sab4j.task.Task#merit}. */
    public double bestMerit() {
        return bestMerit;
    }

    /** The time spent training, over all sittings. */
    public double milliseconds() {
        return milliseconds;
    }
}
