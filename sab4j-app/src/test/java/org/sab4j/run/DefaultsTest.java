package org.sab4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.model.ModelConfig;
import org.sab4j.retrieval.Sparsifier;
import org.sab4j.task.CopyTask;
import org.sab4j.task.Task;
import org.sab4j.train.Adam;
import org.sab4j.train.EarlyRate;
import org.sab4j.train.TrainConfig;

/** What a command of few words trains with: whoever changes it by mistake learns of it here. */
class DefaultsTest {

    /** Worked out from others, or where somebody is. */
    private static final List<String> NO_DEFAULTS =
            List.of("attention-hidden", "data", "shard-rows", "task", "threads");

    private static SequencedMap<String, String> resolved(List<String> options) throws SettingsException {
        SequencedMap<String, String> texts =
                Settings.texts(Resolver.resolve(List.of(Small.options(options.toArray(String[]::new)))));
        NO_DEFAULTS.forEach(texts::remove);
        return texts;
    }

    @Test
    void ofTheCopyTask() throws Exception {
        assertThat(resolved(List.of("--task=copy")).entrySet().stream()
                        .map(Object::toString)
                        .sorted()
                        .collect(Collectors.joining(" ")))
                .isEqualTo("""
                        average=0.99 batch=64 beam=0 beta1=0.9 beta2=0.999 beta3=0.99 candidate-gain=4.0 \
                        checkpoint-every=0 clip-norm=1.0 direct-credit=false early-fade=10000 early-rate=5.0 \
                        early-until=4000 epochs=0 epsilon=0.01 evaluate-every=500 evaluation-sequences=2048 \
                        forget-bias=0.0 forget-spread=3.0 gate-spread=0.0 hidden=128 input-deviation=3.0 k-att=2 \
                        k-top=5 k-trunc=5 keep=all learning-rate=0.001 length=100 log-every=10 max-hops=0 memories=0 \
                        memory-bound=0.0 mental-updates=true model=sab most-skipped=100 normalize-gradient=true \
                        patience=0 recompute=false score-bound=0.0 score-credit=true score-scale=0.1 score=mlp seed=1 \
                        slow-weight=0.0 sparsifier=null-softmax stop-when-solved=true updates=30000 warm-up=0""");
    }

    /** What others have that is not the copy task's. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            --task=adding | \
                length=200 score-credit=false input-deviation=1.0 candidate-gain=1.0 beta2=0.99 warm-up=300 \
                clip-norm=0.1 normalize-gradient=false average=0.999
            --task=chars --text=x | \
                preset=none validation=0.05 test=0.05 unknown=true carry=false hidden=256 k-trunc=20 k-top=10 k-att=20 \
                score-credit=false input-deviation=1.0 candidate-gain=1.0 forget-bias=1.0 forget-spread=0.0 batch=32 \
                learning-rate=0.002 early-rate=1.0 normalize-gradient=false average=0.0 updates=0 epochs=30 \
                evaluate-every=0 evaluation-sequences=2147483647 patience=5
            --task=chars --preset=ptb | \
                text= validation=0.05 test=0.05 unknown=false carry=false hidden=1000 k-trunc=20 k-top=10 k-att=20 \
                score-credit=false input-deviation=1.0 candidate-gain=1.0 forget-bias=1.0 forget-spread=0.0 batch=32 \
                learning-rate=0.002 early-rate=1.0 normalize-gradient=false average=0.0 updates=0 epochs=100 \
                evaluate-every=0 evaluation-sequences=2147483647 patience=5
            --task=chars --preset=text8 | \
                text= length=180 validation=0.05 test=0.05 unknown=false carry=false hidden=1000 k-trunc=20 k-top=10 \
                k-att=20 score-credit=false input-deviation=1.0 candidate-gain=1.0 forget-bias=1.0 forget-spread=0.0 \
                learning-rate=0.002 early-rate=1.0 normalize-gradient=false average=0.0 updates=0 epochs=30 \
                evaluate-every=0 evaluation-sequences=2147483647 patience=5
            --task=mnist | \
                permute=0 validation=5000 k-trunc=20 k-top=10 k-att=20 score-scale=1.0 score-credit=false \
                input-deviation=0.0 candidate-gain=1.0 forget-bias=1.0 forget-spread=0.0 early-rate=1.0 \
                normalize-gradient=false average=0.0 updates=0 epochs=100 evaluate-every=0 \
                evaluation-sequences=2147483647 patience=10
            --task=cifar10 | \
                permute=0 validation=5000 k-trunc=16 k-top=10 k-att=16 score-scale=1.0 score-credit=false \
                input-deviation=0.0 candidate-gain=1.0 forget-bias=1.0 forget-spread=0.0 early-rate=1.0 \
                normalize-gradient=false average=0.0 updates=0 epochs=100 evaluate-every=0 \
                evaluation-sequences=2147483647 patience=10
            --task=copy --model=lstm | \
                k-trunc=0 score-credit=false early-rate=1.0 normalize-gradient=false
            --task=copy --model=self-attention | \
                k-trunc=0 k-att=1 sparsifier=softmax early-rate=1.0 normalize-gradient=false
            --task=copy --score=salience | \
                sparsifier=relu score-scale=1.0 score-credit=false gate-spread=2.0 forget-spread=2.0 score-bound=1.0 \
                early-until=8000 early-fade=14000 normalize-gradient=false
            --task=copy --sparsifier=softmax | \
                score-credit=false normalize-gradient=false
            --task=copy --sparsifier=relu | \
                score-scale=1.0 score-credit=false gate-spread=2.0 forget-spread=2.0 score-bound=1.0 early-until=8000 \
                early-fade=14000 normalize-gradient=false
            --task=adding --sparsifier=relu | \
                length=200 score-scale=1.0 score-credit=false input-deviation=1.0 candidate-gain=1.0 gate-spread=2.0 \
                forget-spread=2.0 score-bound=1.0 beta2=0.99 early-until=8000 early-fade=14000 warm-up=300 \
                clip-norm=0.1 normalize-gradient=false average=0.999
            --task=mnist --sparsifier=relu | \
                permute=0 validation=5000 k-trunc=20 k-top=10 k-att=20 score-scale=1.0 score-credit=false \
                input-deviation=0.0 candidate-gain=1.0 forget-bias=1.0 forget-spread=0.0 score-bound=1.0 \
                early-rate=1.0 normalize-gradient=false average=0.0 updates=0 epochs=100 evaluate-every=0 \
                evaluation-sequences=2147483647 patience=10
            --task=classify --data=x --sequence=m --target=y | \
                order= features= without= categorical= missing= target-per=auto horizon=1 window=0 split=auto \
                validation=0.15 test=0.15 split-seed=1 class-weights=none scratch= hidden=64 k-trunc=10 \
                sparsifier=softmax score-credit=false input-deviation=1.0 candidate-gain=1.0 batch=32 \
                learning-rate=0.003 early-rate=1.0 normalize-gradient=false updates=5000 evaluate-every=100 \
                evaluation-sequences=2000 patience=10
            --task=forecast --data=x --order=t --target=y | \
                sequence= features= without= categorical= missing= target-per=auto horizon=1 window=500 split=auto \
                validation=0.15 test=0.15 split-seed=1 class-weights=none scratch= hidden=64 k-trunc=10 \
                sparsifier=softmax score-credit=false input-deviation=1.0 candidate-gain=1.0 batch=32 \
                learning-rate=0.003 early-rate=1.0 normalize-gradient=false updates=5000 evaluate-every=100 \
                evaluation-sequences=2000 patience=10
            """)
    void ofOtherTasksAndModels(String options, String different) throws Exception {
        List<String> given = List.of(options.split(" "));
        SequencedMap<String, String> texts = resolved(given);
        resolved(List.of("--task=copy")).forEach(texts::remove); // what is equal
        given.forEach(option -> texts.remove(option.substring(2, option.indexOf('='))));
        assertThat(texts.entrySet().stream().map(Object::toString)).containsExactly(different.split(" +"));
    }

    /** A program that trains on a table with the library does as the command. */
    @ParameterizedTest
    @CsvSource({"classify", "regress", "forecast"})
    void ofTablesAsInTheLibrary(String task) throws Exception {
        RunConfig config =
                Resolver.resolve(List.of(Small.options("--task=" + task, "--data=x", "--sequence=m", "--target=y")));
        Task source = new CopyTask(7);
        assertThat(config.trainConfig(source))
                .isEqualTo(TrainConfig.of(5000)
                        .withBatch(32)
                        .with(new Adam(3e-3, 0.9, 0.999, 1e-8))
                        .withEvaluations(100, 2000)
                        .with(new EarlyRate(1, 4000, 10_000, 0))
                        .withPatience(10));
        assertThat(config.modelConfig(source))
                .isEqualTo(ModelConfig.sab(source.inputs(), 64, source.outputs())
                        .with(10, 5, 2)
                        .with(Sparsifier.SOFTMAX)
                        .withScoreCredit(false));
    }
}
