package org.sab4j.run;

import static org.sab4j.run.Setting.Group.MODEL;
import static org.sab4j.run.Setting.Group.START;
import static org.sab4j.run.Setting.Group.TASK;
import static org.sab4j.run.Setting.Group.TRAINING;
import static org.sab4j.run.Setting.Group.WORK;
import static org.sab4j.run.Setting.LSTM;
import static org.sab4j.run.Setting.SELF_ATTENTION;

import java.util.ArrayList;
import java.util.List;
import org.sab4j.memory.Keep;
import org.sab4j.model.Attention;
import org.sab4j.model.Initialization;
import org.sab4j.model.MentalUpdates;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.ScoreKind;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.task.FiniteTask;
import org.sab4j.task.Task;
import org.sab4j.train.Adam;
import org.sab4j.train.Course;
import org.sab4j.train.EarlyRate;
import org.sab4j.train.TrainConfig;

/**
 * All settings of a run. The names of the options on the command line and of the keys in a file follow from the
 * components' names: {@code kTrunc} is {@code --k-trunc} and {@code k-trunc}. Defaults stand in {@code defaults.yaml}. The settings
 * that only one task has are in its {@link TaskOptions}.
 */
// spotless:off
public record RunConfig(
        @Setting(group = TASK, label = "TASK", says = "What to learn.")
        TaskKind task,
        TaskOptions options,

        @Setting(group = MODEL, label = "KIND", says = "sab, lstm (no attention) or self-attention (to all memories, softmax).")
        ModelKind model,
        @Setting(group = MODEL, label = "H", least = 1, most = 1_000_000_000, says = "Hidden units.")
        int hidden,
        @Setting(group = MODEL, label = "A", least = 1, most = 1_000_000_000, idleWith = {LSTM, "score=salience"}, says = "Hidden units of the mlp scores; as many as --hidden unless given.")
        int attentionHidden,
        @Setting(group = MODEL, label = "K", least = 0, says = "Steps between cuts of the sequential credit; 0 is full backpropagation through time.")
        int kTrunc,
        @Setting(group = MODEL, label = "K", least = 0, idleWith = {LSTM, SELF_ATTENTION}, says = "The most memories that a step is reminded of, or all.")
        KTop kTop,
        @Setting(group = MODEL, label = "K", least = 1, idleWith = LSTM, says = "Every how many steps a state is kept as a memory.")
        int kAtt,
        @Setting(group = MODEL, label = "FORM", idleWith = LSTM, says = "How memories are scored: mlp, w3 tanh(W1 m + W2 h), or salience, w3 tanh(m).")
        ScoreKind score,
        @Setting(group = MODEL, label = "FORM", idleWith = {LSTM, SELF_ATTENTION}, says = "From scores to weights: softmax over the k_top largest, null-softmax with a null memory beside them, or relu as the paper prints it.")
        Sparsifier sparsifier,
        @Setting(group = MODEL, label = "X", least = 0, most = Float.MAX_VALUE, idleWith = {LSTM, SELF_ATTENTION, "sparsifier=softmax", "sparsifier=null-softmax"}, says = "The relu sparsifier's epsilon.")
        double epsilon,
        @Setting(group = MODEL, label = "X", above = 0, most = Float.MAX_VALUE, idleWith = LSTM, says = "What scores are multiplied by before the sparsifier; 1 as the paper prints it.")
        double scoreScale,
        @Setting(group = MODEL, idleWith = LSTM, says = "Whether credit that reaches a memory enters the state that it stores, and goes back to the start of that step's block.")
        boolean mentalUpdates,
        @Setting(group = MODEL, idleWith = {LSTM, "mental-updates=true"}, says = "Without mental updates: whether credit that reaches a memory enters the step that wrote it, and none before it.")
        boolean directCredit,
        @Setting(group = MODEL, idleWith = LSTM, says = "Whether credit flows through the scores into the states that were compared.")
        boolean scoreCredit,
        @Setting(group = MODEL, label = "X", least = 0, most = Float.MAX_VALUE, idleWith = {LSTM, "mental-updates=false direct-credit=false"}, says = "The most credit of one sequence that a memory passes on, in units of one scored step's share of the loss; 0 for no bound.")
        double memoryBound,
        @Setting(group = MODEL, least = 0, idleWith = {LSTM, "mental-updates=false"}, says = "Through how many retrievals, one after the other, credit goes; 0 for no bound.")
        int maxHops,
        @Setting(group = MODEL, label = "WHICH", idleWith = LSTM, says = "Which of the states offered every --k-att steps stay in memory: all, or of --memories the latest, the most used or the most surprising.")
        Keep keep,
        @Setting(group = MODEL, label = "M", least = 0, most = Limits.MEMORIES, idleWith = LSTM, says = "The most memories of a sequence at a time; 0 for no bound.")
        int memories,
        @Setting(group = MODEL, label = "N", least = 0, most = 65_536, says = "How many nodes a search for the largest scores keeps at each level of a tree of keys, instead of scoring all memories; 0 scores all.")
        int beam,

        @Setting(group = START, label = "X", least = 0, most = Float.MAX_VALUE, says = "Standard deviation of the input weights; 0 is uniform on +-1/sqrt(H) like the others.")
        double inputDeviation,
        @Setting(group = START, label = "X", least = 0, most = Float.MAX_VALUE, says = "The candidates' recurrent weights, rows g of W_hh, are uniform on +- this/sqrt(H).")
        double candidateGain,
        @Setting(group = START, label = "X", least = 0, most = Float.MAX_VALUE, says = "To every gate's bias is added what is uniform on +- this.")
        double gateSpread,
        @Setting(group = START, label = "X", least = -Float.MAX_VALUE, most = Float.MAX_VALUE, says = "The middle of the forget gates' biases.")
        double forgetBias,
        @Setting(group = START, label = "X", least = 0, most = Float.MAX_VALUE, says = "To the forget gates' biases is added, besides, what is uniform on +- this.")
        double forgetSpread,
        @Setting(group = START, label = "X", least = 0, most = Float.MAX_VALUE, idleWith = LSTM, says = "w3 is uniform on +- this; 0 is +-1/sqrt(H) like the others.")
        double scoreBound,

        @Setting(group = TRAINING, label = "B", least = 1, most = 1_000_000, says = "Sequences an update.")
        int batch,
        @Setting(group = TRAINING, label = "X", above = 0, most = Float.MAX_VALUE, says = "Adam's learning rate.")
        double learningRate,
        @Setting(group = TRAINING, label = "X", least = 0, below = 1, before = "0.9", says = "Adam's first decay: of the average of the gradients.")
        double beta1,
        @Setting(group = TRAINING, label = "X", least = 0, below = 1, before = "0.999", says = "Adam's second decay: of the average of their squares.")
        double beta2,
        @Setting(group = TRAINING, label = "X", least = 0, below = 1, before = "0.99", idleWith = "slow-weight=0.0", says = "AdEMAMix's third decay: of a second, slower average of the gradients.")
        double beta3,
        @Setting(group = TRAINING, label = "X", least = 0, most = 1e6, before = "0", says = "How much the slower average of --beta3 counts beside that of --beta1, AdEMAMix's alpha; 0 is plain Adam.")
        double slowWeight,
        @Setting(group = TRAINING, label = "X", above = 0, most = 1e6, says = "What the learning rate is multiplied by early in training; 1 for a constant rate.")
        double earlyRate,
        @Setting(group = TRAINING, least = 0, idleWith = "early-rate=1.0", says = "The last update at the early rate, which then falls in a straight line.")
        long earlyUntil,
        @Setting(group = TRAINING, least = 0, idleWith = "early-rate=1.0", says = "The update from which on the rate is --learning-rate itself.")
        long earlyFade,
        @Setting(group = TRAINING, least = 0, before = "0", says = "The first update with the whole rate, to which it rises in a straight line.")
        long warmUp,
        @Setting(group = TRAINING, label = "X", least = 0, most = Float.MAX_VALUE, idleWith = "normalize-gradient=true", says = "The global norm to which gradients are shortened; 0 for no clipping.")
        double clipNorm,
        @Setting(group = TRAINING, before = "false", says = "Whether to divide each gradient by its norm, so that all updates count the same in Adam's moments.")
        boolean normalizeGradient,
        @Setting(group = TRAINING, label = "X", least = 0, below = 1, says = "Decay of the average of the parameters that is evaluated and kept; 0 for none.")
        double average,
        @Setting(group = TRAINING, least = 0, changeable = true, says = "When to stop at the latest; 0 leaves that to --epochs.")
        long updates,
        @Setting(group = TRAINING, least = 0, changeable = true, says = "How often to go through the training part of a task's data, at most; 0 leaves that to --updates. For a task without data it says nothing.")
        long epochs,
        @Setting(group = TRAINING, least = 0, says = "Updates between evaluations; 0 is once an epoch.")
        long evaluateEvery,
        @Setting(group = TRAINING, least = 1, most = 2_147_483_647, says = "Unseen sequences of an evaluation, as far as the task has so many.")
        int evaluationSequences,
        @Setting(group = TRAINING, says = "Whether to stop as soon as an evaluation finds the task solved: copy at 99.95 %, adding at an error of 1e-6. Tasks with data never are.")
        boolean stopWhenSolved,
        @Setting(group = TRAINING, least = 0, changeable = true, says = "After how many evaluations in a row without a better model training stops; 0 is never.")
        int patience,
        @Setting(group = TRAINING, least = 1, says = "After how many skipped updates in a row training stops.")
        int mostSkipped,
        @Setting(group = TRAINING, says = "Where all random numbers come from.")
        long seed,
        @Setting(group = TRAINING, label = "R", least = 1, most = 1_000_000, says = "Sequences that a thread takes at a time: fixes the order of sums, and so the result's bits. 8 unless given, 16 above 128 hidden units, 32 from 700 on; fewer where there would be more threads than shards, or from 512 units on four times as many.")
        int shardRows,

        @Setting(group = WORK, least = 1, most = Limits.THREADS, changeable = true, says = "Threads; all cores unless given, as far as the batch can be cut into shards for them or, from 512 hidden units on, threads share one.")
        int threads,
        @Setting(group = WORK, least = 1, changeable = true, says = "Which updates metrics.jsonl gets a line of, as they are: every N-th.")
        long logEvery,
        @Setting(group = WORK, least = 0, changeable = true, says = "Updates between checkpoints, besides those at evaluations and at the end; 0 is every 30 seconds.")
        long checkpointEvery,
        @Setting(group = WORK, changeable = true, says = "Whether to compute a block's activations again when it is replayed instead of keeping them: less memory, the same bits.")
        boolean recompute) {
    // spotless:on

    private static final long MOST_CELLS = 1 << 28;

    /** T, for a task that can be had at any length; 0 where the data say how long sequences are. */
    public int length() {
        return options instanceof TaskOptions.Scalable scalable ? scalable.length() : 0;
    }

    /** What the model computes for a task. */
    public ModelConfig modelConfig(Task source) {
        return new ModelConfig(
                source.inputs(),
                hidden,
                attentionHidden,
                source.outputs(),
                attention(),
                score,
                sparsifier,
                kTop.memories(),
                kAtt,
                kTrunc,
                mentalUpdates ? MentalUpdates.ON : directCredit ? MentalUpdates.DIRECT : MentalUpdates.OFF,
                (float) epsilon,
                (float) scoreScale,
                scoreCredit,
                (float) memoryBound,
                maxHops,
                keep,
                memories,
                beam);
    }

    /** What it has in place of mental updates, in words with a comma before them; empty with mental updates. */
    public String ablation() {
        return mentalUpdates ? "" : ", no mental updates" + (directCredit ? ", direct credit" : "");
    }

    private Attention attention() {
        return switch (model) {
            case LSTM -> Attention.NONE;
            case SELF_ATTENTION -> Attention.DENSE;
            case SAB -> Attention.SPARSE;
        };
    }

    /** How the parameters are drawn. */
    public Initialization initialization() {
        return new Initialization(
                (float) inputDeviation,
                (float) candidateGain,
                (float) gateSpread,
                (float) forgetBias,
                (float) forgetSpread,
                (float) scoreBound);
    }

    /** The updates of an epoch; 0 for a task that has none. */
    public long updatesPerEpoch(Task source) {
        return source instanceof FiniteTask finite ? Course.updatesPerEpoch(finite, batch) : 0;
    }

    /** When training stops at the latest, by {@code --updates} and {@code --epochs}. */
    public long lastUpdate(Task source) {
        return lastUpdate(updatesPerEpoch(source));
    }

    /** The same by the updates of an epoch, 0 for a task that has none. */
    public long lastUpdate(long perEpoch) {
        long byUpdates = updates == 0 ? Long.MAX_VALUE : updates;
        boolean bounded = perEpoch > 0 && epochs > 0 && epochs < Long.MAX_VALUE / perEpoch;
        return bounded ? Math.min(byUpdates, epochs * perEpoch) : byUpdates;
    }

    /** How the model is trained on a task. */
    public TrainConfig trainConfig(Task source) {
        return new TrainConfig(
                batch,
                lastUpdate(source),
                evaluateEvery == 0 ? updatesPerEpoch(source) : evaluateEvery,
                evaluationSequences,
                new Adam(learningRate, beta1, beta2, Adam.DEFAULT.epsilon(), beta3, slowWeight),
                new EarlyRate(earlyRate, earlyUntil, earlyFade, warmUp),
                clipNorm,
                normalizeGradient,
                average,
                shardRows,
                mostSkipped,
                patience,
                options.carry(),
                stopWhenSolved);
    }

    /** What is wrong with settings that are each right: sentences. */
    List<String> problems() {
        List<String> problems = new ArrayList<>(options.problems());
        if (options instanceof TaskOptions.Scalable) {
            String why = " must be at least 1 for the task " + Settings.text(task) + ", which has no epochs: 0";
            if (updates == 0) {
                problems.add("--updates" + why);
            }
            if (evaluateEvery == 0) {
                problems.add("--evaluate-every" + why);
            }
        }
        if (options.carry() && keep != Keep.ALL) {
            problems.add(
                    "--carry takes all of a sequence's memories along, so --keep must be all: " + Settings.text(keep));
        }
        if (earlyFade < earlyUntil) {
            problems.add("--early-fade must not be before --early-until: " + earlyFade);
        }
        float early = (float) (learningRate * earlyRate);
        if (early == 0 || Float.isInfinite(early)) {
            problems.add("--early-rate times --learning-rate must be above 0 and finite in single precision: "
                    + learningRate * earlyRate);
        }
        if (keep != Keep.ALL && memories == 0) {
            problems.add("--keep " + Settings.text(keep) + " needs a bound: give --memories");
        }
        if (keep == Keep.ALL && memories > 0) {
            problems.add("--memories is a bound, and --keep must say which stay: latest, used or surprising");
        }
        if (beam > 0 && (score != ScoreKind.MLP || model != ModelKind.SAB || keep != Keep.ALL)) {
            problems.add(
                    "--beam searches among all memories by mlp scores: it needs --model sab, --score mlp and --keep all");
        } else if (beam > 0 && kTop.equals(KTop.ALL)) {
            problems.add("--beam searches for the largest scores, and --k-top all takes all memories: give a number");
        } else if (beam > 0 && beam < sparsifier.taken(kTop.memories())) {
            problems.add("--beam must be at least " + sparsifier.taken(kTop.memories())
                    + " to find what --k-top asks for: " + beam);
        }
        if (recompute && kTrunc == 0) {
            problems.add("--recompute works block by block, and --k-trunc 0 makes none: give a --k-trunc above 0");
        }
        if (options instanceof TaskOptions.Scalable scalable && (long) batch * (scalable.length() + 20L) > MOST_CELLS) {
            problems.add("--batch times --length is too large for one batch: lower one of them");
        }
        return problems;
    }

    /** What is wrong with settings for a task once its data are known: sentences. */
    List<String> problems(Task source) {
        List<String> problems = new ArrayList<>();
        if (source instanceof FiniteTask && updates == 0 && epochs == 0) {
            problems.add("--updates and --epochs are both 0, so training would not end: give one of them");
        }
        if ((long) batch * source.steps() > MOST_CELLS) {
            problems.add("--batch " + batch + " times " + source.steps()
                    + " steps, those of the longest sequence, is too large for one batch: lower one of them");
        }
        return problems;
    }
}
