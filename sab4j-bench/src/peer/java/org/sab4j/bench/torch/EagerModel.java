package org.sab4j.bench.torch;

import static org.bytedeco.pytorch.global.torch.bmm;
import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.lstm_cell;
import static org.bytedeco.pytorch.global.torch.matmul;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.softmax;
import static org.bytedeco.pytorch.global.torch.stack;
import static org.bytedeco.pytorch.global.torch.tanh;
import static org.bytedeco.pytorch.global.torch.topk;
import static org.bytedeco.pytorch.global.torch.zeros;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;
import org.sab4j.memory.Keep;
import org.sab4j.model.Attention;
import org.sab4j.model.MentalUpdates;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.ScoreKind;
import org.sab4j.model.SequenceModel;
import org.sab4j.retrieval.Sparsifier;

/**
 * The method as one writes it in PyTorch: a loop over the steps, {@code nn.LSTMCell}'s operation, {@code topk} and
 * {@code gather}, {@code detach} where the sequential credit is cut. A key (or a score that does not depend on the query) is
 * computed once, when its memory is written; the output head runs once, over all steps.
 *
 * <p>Memories and keys are kept in lists that are stacked at each step, as comes first to mind; or in tensors to which one is
 * appended when it is written, which copies half as much and leaves autograd a far smaller graph.
 */
final class EagerModel implements TorchModel {

    private final boolean stacked;
    private final ModelConfig config;
    private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();

    /**
     * A model with the parameters of ours.
     *
     * @param stacked whether memories are kept in lists
     */
    EagerModel(SequenceModel model, boolean stacked) {
        this.stacked = stacked;
        config = model.config();
        model.layout().views().forEach((name, view) -> parameters.put(name, Torch.parameter(view, model.parameters())));
    }

    /** The method as printed, without the options that tame its credit or leave memories out. */
    static boolean computes(ModelConfig config) {
        boolean plain = config.attention() == Attention.DENSE || config.sparsifier() != Sparsifier.NULL_SOFTMAX;
        return !config.attends()
                || (plain
                        && config.scoreCredit()
                        && config.memoryBound() == 0
                        && config.maxHops() == 0
                        && config.keep() == Keep.ALL
                        && config.beam() == 0
                        && config.mentalUpdates() != MentalUpdates.DIRECT);
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public Tensor loss(Tensor x, Tensor target) {
        long steps = x.size(0);
        Tensor none = zeros(x.size(1), config.hidden());
        Tensor h = none;
        Tensor c = none;
        TensorVector states = new TensorVector();
        TensorVector summaries = new TensorVector();
        Memories memories = new Memories();
        TensorOptional bias = new TensorOptional(get("cell.bias"));
        for (long t = 0; t < steps; t++) {
            T_TensorTensor_T next = lstm_cell(
                    x.select(0, t),
                    new TensorVector(h, c),
                    get("cell.weight_ih"),
                    get("cell.weight_hh"),
                    bias,
                    new TensorOptional());
            h = next.get0();
            c = next.get1();
            if (config.attends()) {
                Tensor s = memories.isEmpty() ? none : summary(memories, h);
                h = h.add(s);
                summaries.push_back(s);
                if ((t + 1) % config.kAtt() == 0) {
                    append(memories, config.mentalUpdates() == MentalUpdates.ON ? h : h.detach());
                }
            }
            states.push_back(h);
            if (config.kTrunc() > 0 && (t + 1) % config.kTrunc() == 0) {
                h = h.detach();
                c = c.detach();
            }
        }
        Tensor y = linear(stack(states).flatten(0, 1), get("output.v1"), new TensorOptional(get("output.bias")));
        if (config.attends()) {
            y = y.add(linear(stack(summaries).flatten(0, 1), get("output.v2")));
        }
        return cross_entropy_loss(y, target);
    }

    /** Either the tensors or the lists are in use. */
    private static final class Memories {
        @Nullable
        Tensor values; // (B, N, H)

        @Nullable
        Tensor keys; // (B, N, A) for mlp scores, (B, N) the scores themselves for salience

        final TensorVector valueList = new TensorVector(); // N of (B, H)
        final TensorVector keyList = new TensorVector(); // N of (B, A), or of (B)

        boolean isEmpty() {
            return values == null && valueList.empty();
        }
    }

    private void append(Memories memories, Tensor h) {
        Tensor key =
                config.score() == ScoreKind.MLP ? linear(h, get("attention.w1")) : matmul(tanh(h), get("attention.w3"));
        if (stacked) {
            memories.valueList.push_back(h);
            memories.keyList.push_back(key);
        } else {
            memories.values = append(memories.values, h.unsqueeze(1));
            memories.keys = append(memories.keys, key.unsqueeze(1));
        }
    }

    private static Tensor append(@Nullable Tensor all, Tensor one) {
        return all == null ? one : cat(new TensorVector(all, one), 1);
    }

    /** s (B, H). */
    private Tensor summary(Memories memories, Tensor provisional) {
        Tensor values = memories.values == null ? stack(memories.valueList, 1) : memories.values;
        Tensor keys = memories.keys == null ? stack(memories.keyList, 1) : memories.keys;
        Tensor scores = keys;
        if (config.score() == ScoreKind.MLP) {
            Tensor query = linear(provisional, get("attention.w2")).unsqueeze(1);
            scores = matmul(tanh(keys.add(query)), get("attention.w3"));
        }
        if (config.scoreScale() != 1) {
            scores = scores.mul(new Scalar(config.scoreScale()));
        }
        if (config.attention() == Attention.DENSE) {
            return bmm(softmax(scores, 1).unsqueeze(1), values).squeeze(1);
        }
        long n = scores.size(1);
        boolean relu = config.sparsifier() == Sparsifier.RELU;
        long taken = Math.min(n, relu ? config.kTop() + 1L : config.kTop());
        T_TensorTensor_T top = topk(scores, taken);
        Tensor weights = relu ? aboveThreshold(top.get0()) : softmax(top.get0(), 1);
        Tensor indices = top.get1().unsqueeze(2).expand(-1, -1, config.hidden());
        return bmm(weights.unsqueeze(1), values.gather(1, indices)).squeeze(1);
    }

    /** The paper's weights, from the scores (B, K + 1) in descending order. */
    private Tensor aboveThreshold(Tensor top) {
        Tensor above = relu(top.sub(top.narrow(1, top.size(1) - 1, 1)));
        Tensor sum = above.sum(new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
        return above.div(sum.add(new Scalar(config.epsilon())));
    }

    private Tensor get(String name) {
        Tensor parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalStateException("This model has no " + name);
        }
        return parameter;
    }
}
