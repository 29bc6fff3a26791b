package org.sab4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.sab4j.memory.Keep;
import org.sab4j.model.Attention;
import org.sab4j.model.MentalUpdates;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.ScoreKind;
import org.sab4j.retrieval.Sparsifier;

/** What the command takes for tables, said with the usual settings and what is different. */
class RecipeTest {

    @Test
    void howTablesAreTrained() {
        TrainConfig expected = new TrainConfig(
                32,
                5000,
                100,
                2000,
                new Adam(3e-3, 0.9, 0.999, 1e-8),
                EarlyRate.NONE,
                1,
                false,
                0.99,
                4,
                100,
                10,
                true,
                false);
        assertThat(TrainConfig.of(5000)
                        .withBatch(32)
                        .with(new Adam(3e-3, 0.9, 0.999, 1e-8))
                        .withEvaluations(100, 2000)
                        .with(EarlyRate.NONE)
                        .withPatience(10)
                        .withShardRows(4)
                        .carrying()
                        .beyondSolved())
                .isEqualTo(expected);
        assertThat(expected.withBatch(32).with(expected.adam()).withEvaluations(100, 2000))
                .isEqualTo(expected);
    }

    @Test
    void theModel() {
        ModelConfig expected = new ModelConfig(
                7,
                64,
                64,
                2,
                Attention.SPARSE,
                ScoreKind.MLP,
                Sparsifier.SOFTMAX,
                5,
                2,
                10,
                MentalUpdates.ON,
                1e-2f,
                0.1f,
                false,
                0,
                0,
                Keep.ALL,
                0,
                0);
        ModelConfig sab = ModelConfig.sab(7, 64, 2);
        assertThat(sab.with(10, 5, 2).with(Sparsifier.SOFTMAX).withScoreCredit(false))
                .isEqualTo(expected);
        assertThat(sab.withScoreCredit(false).with(Sparsifier.SOFTMAX).with(10, 5, 2))
                .isEqualTo(expected);
        assertThat(expected.keeping(Keep.LATEST, 9)
                        .within(3)
                        .with(MentalUpdates.OFF)
                        .scoreCredit())
                .isFalse();
    }
}
