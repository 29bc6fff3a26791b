package org.sab4j.bench;

import java.util.Locale;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.Products;
import org.sab4j.model.Attention;
import org.sab4j.model.Initialization;
import org.sab4j.model.MentalUpdates;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.ScoreKind;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.task.CopyTask;

/**
 * What is measured: a model that learns to copy, with Adam at its defaults and gradients clipped to {@link #CLIP_NORM}.
 *
 * @param name how tables call it
 * @param task copying
 * @param batch B
 * @param model sizes and the method's settings
 * @param shardRows R, for us
 * @param threads for all contenders alike
 * @param seed of the parameters and of the data, which are the same for all contenders
 */
public record Setting(String name, CopyTask task, int batch, ModelConfig model, int shardRows, int threads, long seed) {

    /** The global norm to which gradients are shortened. */
    public static final double CLIP_NORM = 1;

    /** The models that can be asked for by name. */
    public enum Kind {
        /** The method, with {@code mlp} scores. */
        MLP,
        /** The method, with {@code salience} scores. */
        SALIENCE,
        /** The plain LSTM with full backpropagation through time. */
        LSTM,
        /** The plain LSTM, truncated. */
        LSTM_TRUNCATED;

        /** As it is written on the command line: {@code lstm-truncated}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** A model of this kind for the copy task. */
        ModelConfig model(int hidden, int kTop, int kAtt, int kTrunc, Sparsifier sparsifier) {
            boolean plain = this == LSTM || this == LSTM_TRUNCATED;
            CopyTask task = new CopyTask(1);
            return new ModelConfig(
                    task.inputs(),
                    hidden,
                    hidden,
                    task.outputs(),
                    plain ? Attention.NONE : Attention.SPARSE,
                    this == SALIENCE ? ScoreKind.SALIENCE : ScoreKind.MLP,
                    sparsifier,
                    kTop,
                    kAtt,
                    this == LSTM ? 0 : kTrunc,
                    MentalUpdates.ON,
                    1e-7f,
                    0.1f);
        }
    }

    /** A model with the parameters from which all contenders start. */
    public SequenceModel initial(Kernels kernels) {
        return initial(kernels, kernels);
    }

    /** The same, with other products. */
    SequenceModel initial(Kernels kernels, Products products) {
        SequenceModel initial = new SequenceModel(model, kernels, products);
        Initialization.PLAIN.apply(initial, RandomStream.of(seed, "init"));
        return initial;
    }

    /** The generator of the batches, the same that {@link org.sab4j.train.TrainState} begins with. */
    public RandomStream data() {
        return RandomStream.of(seed, "data");
    }
}
