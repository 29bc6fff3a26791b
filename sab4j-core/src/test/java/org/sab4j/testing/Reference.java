package org.sab4j.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.memory.Keep;
import org.sab4j.memory.Memory;
import org.sab4j.model.Attention;
import org.sab4j.model.Carried;
import org.sab4j.model.MentalUpdates;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.ScoreKind;
import org.sab4j.model.SequenceModel;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.tensor.ParameterLayout.View;
import org.sab4j.testing.Tape.Value;

/**
 * The method written down once more, as plainly as can be: scalar by scalar in double precision, with every cut of the credit a
 * constant. It computes nothing with the product's code: of that it takes settings, parameters and data.
 */
public final class Reference {

    private final ModelConfig config;
    private final SequenceModel model;
    private final Batch batch;
    private final Beginning beginning;
    private final Candidates candidates;
    private final double[] gradients;
    private double loss;
    private int missed;

    private Reference(SequenceModel model, Batch batch, Beginning beginning, Candidates candidates) {
        config = model.config();
        this.model = model;
        this.batch = batch;
        this.beginning = beginning;
        this.candidates = candidates;
        gradients = new double[model.layout().size()];
    }

    /** Which of a row's memories a step may be reminded of. */
    public interface Candidates {
        /** Whether the memory of that number is one. */
        boolean has(int row, int step, int number);
    }

    /**
     * Where the sequences begin: constants.
     *
     * @param h (B, H)
     * @param c (B, H)
     * @param memories (count, B, H), from the oldest on
     */
    @SuppressWarnings("ArrayRecordComponent") // held, never compared
    public record Beginning(float[] h, float[] c, float[] memories, int count) {

        /** With an empty state and no memory. */
        public static Beginning empty(Batch batch, int hidden) {
            float[] zeros = new float[batch.sequences() * hidden];
            return new Beginning(zeros, zeros, new float[0], 0);
        }

        /** Where others have ended, as they are now. */
        public static Beginning of(Carried carried) {
            return new Beginning(
                    values(carried, "carry.h"),
                    values(carried, "carry.c"),
                    values(carried, "carry.memories"),
                    carried.count());
        }

        private static float[] values(Carried carried, String name) {
            return ((TensorData.Floats) Objects.requireNonNull(carried.tensors().get(name))).values();
        }
    }

    /** The mean loss over scored steps, by their weights, and its gradients. */
    public static Reference of(SequenceModel model, Batch batch) {
        return of(model, batch, Beginning.empty(batch, model.config().hidden()), (row, step, number) -> true);
    }

    /** The same for sequences that begin somewhere, and reminders of only some of the memories. */
    public static Reference of(SequenceModel model, Batch batch, Beginning beginning, Candidates candidates) {
        Reference reference = new Reference(model, batch, beginning, candidates);
        for (int row = 0; row < batch.sequences(); row++) {
            Sequence whole = reference.new Sequence(row, step -> true);
            whole.run();
            if (reference.config.attends()
                    && reference.config.mentalUpdates() == MentalUpdates.ON
                    && reference.config.maxHops() > 0) {
                int[] hops = whole.hops();
                whole = reference.new Sequence(row, step -> hops[step] < reference.config.maxHops());
                whole.run();
            }
            whole.backward();
        }
        return reference;
    }

    /** The loss. */
    public double loss() {
        return loss;
    }

    /** In the layout of the parameters. */
    public double[] gradients() {
        return gradients;
    }

    /** At how many steps, of all sequences, some of the k_top largest scores is none of a candidate. */
    public int missed() {
        return missed;
    }

    /** A memory: what is stored, and when. */
    private static final class Kept {
        final Value[] state;
        final int step;
        double worth;

        Kept(Value[] state, int step, double worth) {
            this.state = state;
            this.step = step;
            this.worth = worth;
        }
    }

    /** Whether a step passes credit on to the memories that it is reminded of. */
    private interface Passing {
        boolean passes(int step);
    }

    private final class Sequence {

        private final int row;
        private final Passing passing;
        private final Tape tape = new Tape();
        private final Map<String, Value[]> parameters = new HashMap<>();
        private final Value[] all = new Value[gradients.length];
        private final List<Kept> memory = new ArrayList<>();
        private final List<Value> losses = new ArrayList<>();
        private final List<List<Integer>> chosen =
                new ArrayList<>(); // for each step, which steps' states get credit from it
        private final int hidden = config.hidden();

        Sequence(int row, Passing passing) {
            this.row = row;
            this.passing = passing;
            for (View view : model.layout().views().values()) {
                Value[] values = new Value[view.count()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = tape.number(model.parameters()[view.offset() + i]);
                    all[view.offset() + i] = values[i];
                }
                parameters.put(view.name(), values);
            }
        }

        private Value[] parameter(String name) {
            return java.util.Objects.requireNonNull(parameters.get(name));
        }

        void run() {
            Value[] h = numbers(beginning.h, row);
            Value[] c = numbers(beginning.c, row);
            for (int i = 0; i < beginning.count; i++) {
                memory.add(new Kept(numbers(beginning.memories, i * batch.sequences() + row), -1, 0));
            }
            double[] before = new double[hidden];
            for (int step = 0; step < batch.steps(); step++) {
                if (config.kTrunc() > 0 && step % config.kTrunc() == 0) {
                    h = Tape.constants(h);
                    c = Tape.constants(c);
                }
                Value[] provisional = new Value[hidden];
                Value[] alone = new Value[hidden]; // ĥ of this step with all before it a constant
                cell(input(step), Tape.constants(h), Tape.constants(c), alone);
                c = cell(input(step), h, c, provisional);
                Value[] s = config.attends() ? summary(step, provisional) : tape.numbers(hidden, 0);
                h = new Value[hidden];
                double change = 0;
                for (int u = 0; u < hidden; u++) {
                    h[u] = provisional[u].plus(s[u]);
                    change += Math.pow(provisional[u].value - before[u], 2);
                    before[u] = provisional[u].value;
                }
                loss(step, h, s);
                if (config.attends() && (step + 1) % config.kAtt() == 0) {
                    for (int u = 0; u < hidden; u++) {
                        alone[u] = alone[u].plus(Tape.constants(s)[u]);
                    }
                    Value[] state = switch (config.mentalUpdates()) {
                        case ON -> h;
                        case DIRECT -> alone;
                        case OFF -> Tape.constants(h);
                    };
                    if (config.memoryBound() > 0) {
                        state = tape.bounded(state, config.memoryBound() / batch.weight());
                    }
                    keep(new Kept(state, step, config.keep() == Keep.SURPRISING ? change : 0));
                }
            }
        }

        private Value[] numbers(float[] of, int place) {
            Value[] numbers = new Value[hidden];
            Arrays.setAll(numbers, u -> tape.number(of[place * hidden + u]));
            return numbers;
        }

        private Value[] input(int step) {
            Value[] x = tape.numbers(config.inputs(), 0);
            int at = row * batch.steps() + step;
            switch (batch.inputs()) {
                case Inputs.Symbols symbols -> x[symbols.values()[at]] = tape.number(1);
                case Inputs.Vectors vectors ->
                    Arrays.setAll(x, i -> tape.number(vectors.values()[at * config.inputs() + i]));
            }
            return x;
        }

        private Value[] cell(Value[] x, Value[] h, Value[] c, Value[] provisional) {
            Value[] z = new Value[4 * hidden];
            for (int u = 0; u < z.length; u++) {
                z[u] = tape.dot(parameter("cell.weight_ih"), u * x.length, x)
                        .plus(tape.dot(parameter("cell.weight_hh"), u * hidden, h))
                        .plus(parameter("cell.bias")[u]);
            }
            Value[] next = new Value[hidden];
            for (int u = 0; u < hidden; u++) {
                Value candidate = z[2 * hidden + u].tanh();
                next[u] =
                        z[hidden + u].sigmoid().times(c[u]).plus(z[u].sigmoid().times(candidate));
                provisional[u] = z[3 * hidden + u].sigmoid().times(next[u].tanh());
            }
            return next;
        }

        private Value score(Value[] state, Value[] provisional) {
            Value[] m = config.scoreCredit() ? state : Tape.constants(state);
            Value[] q = config.scoreCredit() ? provisional : Tape.constants(provisional);
            List<Value> terms = new ArrayList<>();
            int units = config.score() == ScoreKind.MLP ? config.attentionHidden() : hidden;
            for (int u = 0; u < units; u++) {
                Value unit = config.score() == ScoreKind.SALIENCE
                        ? m[u]
                        : tape.dot(parameter("attention.w1"), u * hidden, m)
                                .plus(tape.dot(parameter("attention.w2"), u * hidden, q));
                terms.add(parameter("attention.w3")[u].times(unit.tanh()));
            }
            return tape.sum(terms).times(config.scoreScale());
        }

        /** s of a step. */
        private Value[] summary(int step, Value[] provisional) {
            List<Value[]> states = new ArrayList<>();
            List<Value> scores = new ArrayList<>();
            for (Kept kept : memory) {
                Value[] state = passing.passes(step) ? kept.state : Tape.constants(kept.state);
                states.add(state);
                scores.add(score(state, provisional));
            }
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < scores.size(); i++) {
                order.add(i);
            }
            order.sort(Comparator.comparingDouble(i -> -scores.get(i).value)); // stable: of equals the earlier
            missed += order.stream().limit(config.kTop()).allMatch(i -> candidates.has(row, step, i)) ? 0 : 1;
            order.removeIf(i -> !candidates.has(row, step, i));
            int threshold = (int) Math.min(config.kTop() + 1L, order.size()) - 1; // its place, for relu
            Map<Integer, Value> weights = weights(scores, order, threshold);
            List<Integer> steps = new ArrayList<>();
            if (config.sparsifier() == Sparsifier.RELU && config.scoreCredit() && !weights.isEmpty()) {
                steps.add(memory.get(order.get(threshold))
                        .step); // what it is not reminded of, but which decides on the weights
            }
            Value[] s = tape.numbers(hidden, 0);
            weights.forEach((i, weight) -> {
                for (int u = 0; u < hidden; u++) {
                    s[u] = s[u].plus(weight.times(states.get(i)[u]));
                }
                steps.add(memory.get(i).step);
                memory.get(i).worth += config.keep() == Keep.USED ? weight.value : 0;
            });
            chosen.add(steps);
            return s;
        }

        /** The weights of those that have one above 0. */
        private Map<Integer, Value> weights(List<Value> scores, List<Integer> order, int threshold) {
            boolean dense = config.attention() == Attention.DENSE;
            Map<Integer, Value> parts = new HashMap<>();
            List<Value> sum = new ArrayList<>();
            if (!dense && config.sparsifier() == Sparsifier.RELU) {
                for (int i : order) {
                    Value least = scores.get(order.get(threshold));
                    if (scores.get(i).value > least.value) {
                        parts.put(i, scores.get(i).minus(least));
                    }
                }
                sum.add(tape.number(config.epsilon()));
            } else {
                order.stream()
                        .limit(dense ? order.size() : config.kTop())
                        .forEach(i -> parts.put(i, scores.get(i).exp()));
                if (!dense && config.sparsifier() == Sparsifier.NULL_SOFTMAX) {
                    sum.add(tape.number(1));
                }
            }
            sum.addAll(parts.values());
            Value total = tape.sum(sum);
            parts.replaceAll((i, part) -> part.over(total));
            return parts;
        }

        private void loss(int step, Value[] h, Value[] s) {
            int at = row * batch.steps() + step;
            if (!batch.targets().scored(at)) {
                return;
            }
            Value[] y = new Value[config.outputs()];
            for (int o = 0; o < y.length; o++) {
                y[o] = tape.dot(parameter("output.v1"), o * hidden, h).plus(parameter("output.bias")[o]);
                if (config.attends()) {
                    y[o] = y[o].plus(tape.dot(parameter("output.v2"), o * hidden, s));
                }
            }
            switch (batch.targets()) {
                case Targets.Classes classes -> {
                    int target = classes.values()[at];
                    Value sum = tape.sum(Arrays.stream(y).map(Value::exp).toList());
                    losses.add(sum.log().minus(y[target]).times(classes.weightOf(target) / batch.weight()));
                }
                case Targets.Values values -> {
                    for (int o = 0; o < y.length; o++) {
                        Value difference = y[o].minus(tape.number(values.values()[at * y.length + o]));
                        losses.add(difference.times(difference).times(1.0 / y.length / batch.weight()));
                    }
                }
            }
        }

        private void keep(Kept kept) {
            if (config.keep() == Keep.ALL || memory.size() < config.memories()) {
                memory.add(kept);
                return;
            }
            Kept least = memory.stream()
                    .min(Comparator.<Kept>comparingDouble(one -> one.worth).thenComparingInt(one -> one.step))
                    .orElseThrow();
            if (config.keep() != Keep.SURPRISING || kept.worth > least.worth) {
                memory.set(memory.indexOf(least), kept);
            }
        }

        /** For each step, through how many retrievals at least credit reaches its block. */
        int[] hops() {
            int steps = batch.steps();
            int block = config.kTrunc() == 0 ? steps : config.kTrunc();
            int[] reached = new int[steps];
            for (int step = 0; step < steps; step++) {
                boolean scored = batch.targets().scored(row * steps + step);
                reached[step] = scored ? 0 : Memory.NO_CREDIT;
            }
            int[] hops = new int[steps];
            for (int first = (steps - 1) / block * block; first >= 0; first -= block) {
                int end = Math.min(steps, first + block);
                int least = Arrays.stream(reached, first, end).min().orElseThrow();
                Arrays.fill(hops, first, end, least);
                int last = end - 1;
                while (last >= first && reached[last] == Memory.NO_CREDIT) {
                    last--; // no credit comes to what is behind
                }
                for (int step = first; step <= last && least < config.maxHops(); step++) {
                    for (int of : chosen.get(step)) {
                        if (of >= 0) { // else it was there from the beginning
                            reached[of] = Math.min(reached[of], least + 1);
                        }
                    }
                }
            }
            return hops;
        }

        void backward() {
            if (losses.isEmpty()) {
                return;
            }
            Value total = tape.sum(losses);
            loss += total.value;
            tape.backward(total);
            for (int i = 0; i < all.length; i++) {
                gradients[i] += all[i].gradient;
            }
        }
    }
}
