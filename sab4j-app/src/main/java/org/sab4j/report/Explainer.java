package org.sab4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.explain.Credits;
import org.sab4j.explain.Reminders;
import org.sab4j.head.Softmax;
import org.sab4j.model.Attention;
import org.sab4j.model.MentalUpdates;
import org.sab4j.model.Reminder;
import org.sab4j.model.SequenceModel;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.run.RunException;

/** Explains a model's outputs, sequence by sequence. */
public final class Explainer {

    /** The most outputs of a sequence whose credit is followed unless some were chosen. */
    private static final int MOST_OUTPUTS = 16;

    /** Fewer of a long sequence: steps times outputs. */
    private static final int MOST_CELLS = 1 << 15;

    private final SequenceModel model;
    private final Credits with;
    private final Credits without;

    /** An explainer of a model. */
    public Explainer(SequenceModel model) {
        this.model = model;
        with = new Credits(model.with(model.config().with(MentalUpdates.ON)));
        MentalUpdates own = model.config().mentalUpdates();
        without = model.config().attends()
                ? new Credits(model.with(model.config().with(own == MentalUpdates.ON ? MentalUpdates.OFF : own)))
                : with;
    }

    /** Puts explanations of a model together. */
    public Explanation together(long update, Look look, List<Explanation.Sequence> sequences) {
        var config = model.config();
        boolean nullMemory = config.attention() == Attention.SPARSE && config.sparsifier() == Sparsifier.NULL_SOFTMAX;
        return new Explanation(
                update,
                config.kTrunc(),
                config.kAtt(),
                config.attends(),
                nullMemory,
                config.attends() && config.mentalUpdates() == MentalUpdates.ON,
                config.attends() && config.mentalUpdates() == MentalUpdates.DIRECT,
                Reminder.MOST,
                look,
                sequences);
    }

    /**
     * Explains one sequence.
     *
     * @param batch the sequence alone
     * @param reportFrom the first step, from 0, whose outputs matter
     * @param chosen the steps, from 0, whose credit to follow; null for some of those that are scored, or the last
     * @throws RunException if an output is no finite number
     */
    public Explanation.Sequence explain(String name, Batch batch, int reportFrom, int @Nullable [] chosen)
            throws RunException {
        Reminders reminders = Reminders.of(model, batch);
        checkFinite(name, batch, reminders);
        int[] scored = scored(batch, reportFrom);
        boolean aims = batch.targets().scored(scored[0]);
        int[] shown = aims ? scored : IntStream.range(0, batch.steps()).toArray();
        int[] followed = chosen != null ? chosen : some(scored, batch.steps());
        Credits.Credit[] more = with.of(batch, 0, followed);
        Credits.Credit[] less = without == with ? more : without.of(batch, 0, followed);
        List<Explanation.Credit> credits = new ArrayList<>();
        for (int i = 0; i < followed.length; i++) {
            credits.add(new Explanation.Credit(
                    followed[i] + 1, more[i].size(), shares(more[i].credit()), shares(less[i].credit())));
        }
        List<List<Explanation.Share>> reminded = new ArrayList<>();
        for (int step = 0; step < batch.steps(); step++) {
            reminded.add(reminders.at(0, step).stream()
                    .map(reminder -> new Explanation.Share(reminder.step() + 1, rounded(reminder.weight())))
                    .toList());
        }
        return new Explanation.Sequence(
                name,
                symbols(batch),
                values(batch),
                reminded,
                IntStream.of(shown)
                        .mapToObj(step -> output(batch, reminders, step))
                        .toList(),
                scored.length,
                credits);
    }

    private static void checkFinite(String name, Batch batch, Reminders reminders) throws RunException {
        for (int step = 0; step < batch.steps(); step++) {
            for (float y : reminders.outputs(0, step)) {
                if (!Float.isFinite(y)) {
                    throw RunException.notFinite("what the model says at step " + (step + 1) + " of " + name);
                }
            }
        }
    }

    /** The scored steps that are reported on, or, where there are none, all scored ones, or the last. */
    private static int[] scored(Batch batch, int reportFrom) {
        int[] scored = IntStream.range(0, batch.steps())
                .filter(step -> batch.targets().scored(step))
                .toArray();
        int[] reported =
                Arrays.stream(scored).filter(step -> step >= reportFrom).toArray();
        return reported.length > 0 ? reported : scored.length > 0 ? scored : new int[] {batch.steps() - 1};
    }

    /** At equal distances, the last among them. */
    private static int[] some(int[] scored, int steps) {
        int count = Math.min(scored.length, Math.clamp(MOST_CELLS / steps, 1, MOST_OUTPUTS));
        return IntStream.rangeClosed(1, count)
                .map(i -> scored[(int) ((long) i * scored.length / count) - 1])
                .toArray();
    }

    private static List<Explanation.Share> shares(float[] credit) {
        float most = 0;
        for (float c : credit) {
            most = Math.max(most, c);
        }
        List<Explanation.Share> shares = new ArrayList<>();
        for (int step = 0; step < credit.length; step++) {
            if (credit[step] > most * 1e-6f) {
                shares.add(new Explanation.Share(step + 1, rounded(credit[step])));
            }
        }
        return shares;
    }

    private static List<Integer> symbols(Batch batch) {
        return batch.inputs() instanceof Inputs.Symbols symbols
                ? Arrays.stream(symbols.values()).boxed().toList()
                : List.of();
    }

    private static List<List<Float>> values(Batch batch) {
        List<List<Float>> values = new ArrayList<>();
        if (batch.inputs() instanceof Inputs.Vectors vectors) {
            for (int step = 0; step < batch.steps(); step++) {
                values.add(floats(vectors.values(), step * vectors.size(), vectors.size()));
            }
        }
        return values;
    }

    private static List<Float> floats(float[] values, int from, int count) {
        List<Float> list = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            list.add(rounded(values[i]));
        }
        return list;
    }

    private static Explanation.Output output(Batch batch, Reminders reminders, int step) {
        float[] y = reminders.outputs(0, step);
        return switch (batch.targets()) {
            case Targets.Classes classes -> {
                int best = 0;
                for (int o = 1; o < y.length; o++) {
                    best = y[o] > y[best] ? o : best;
                }
                double probability = Softmax.of(y, 0, y.length)[best];
                int target = classes.values()[step];
                List<Float> wanted = target == Targets.NONE ? List.of() : List.of((float) target);
                yield new Explanation.Output(step + 1, wanted, List.of((float) best), rounded((float) probability));
            }
            case Targets.Values values -> {
                List<Float> wanted =
                        values.scored()[step] ? floats(values.values(), step * y.length, y.length) : List.of();
                yield new Explanation.Output(step + 1, wanted, floats(y, 0, y.length), null);
            }
        };
    }

    /** Four digits that matter: no chart shows more. */
    private static float rounded(float value) {
        if (value == 0 || !Float.isFinite(value)) {
            return Float.isFinite(value) ? 0 : Math.signum(value) * Float.MAX_VALUE;
        }
        double unit = Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 3);
        return (float) (Math.rint(value / unit) * unit);
    }
}
