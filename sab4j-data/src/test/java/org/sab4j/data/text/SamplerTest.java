package org.sab4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sab4j.data.DataException;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.Initialization;
import org.sab4j.model.ModelConfig;
import org.sab4j.model.SequenceModel;
import org.sab4j.random.RandomStream;

/** Text from a model whose output weights are zero, so that its biases alone say how likely each character is; and from a real one. */
class SamplerTest {

    private static final Alphabet ALPHABET = Alphabet.of("abc\n", true); // \n, a, b, c and unknown

    private static SequenceModel biased(float... biases) {
        SequenceModel model = drawn();
        for (String name : new String[] {"output.v1", "output.v2"}) {
            var view = model.layout().view(name);
            java.util.Arrays.fill(model.parameters(), view.offset(), view.offset() + view.count(), 0f);
        }
        System.arraycopy(
                biases,
                0,
                model.parameters(),
                model.layout().view("output.bias").offset(),
                biases.length);
        model.prepare();
        return model;
    }

    private static SequenceModel drawn() {
        SequenceModel model = new SequenceModel(ModelConfig.sab(5, 16, 5).with(4, 3, 2), KernelProviders.kernels());
        new Initialization(2, 1, 0, 1, 1, 0).apply(model, RandomStream.of(1, "init"));
        for (int i = 0; i < model.parameters().length; i++) {
            model.parameters()[i] *= 2;
        }
        model.prepare();
        return model;
    }

    private static Sampler sampler(SequenceModel model, int context, double temperature, long seed) {
        return new Sampler(
                model, ALPHABET, new WritePolicy.EveryKAtt(2), context, temperature, RandomStream.of(seed, "sample"));
    }

    private static String write(Sampler sampler, int characters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.appendCodePoint(sampler.next());
        }
        return text.toString();
    }

    @Test
    void asLikelyAsTheModelSays() throws Exception {
        SequenceModel model = biased(0, 1, 2, 0.5f, 9);
        for (double temperature : new double[] {0.5, 1, 2}) {
            Sampler sampler = new Sampler(
                    model, ALPHABET, new WritePolicy.Latest(2, 4), 0, temperature, RandomStream.of(1, "sample"));
            sampler.read("a");
            String text = write(sampler, 20_000);
            double sum = 0;
            for (double bias : new double[] {0, 1, 2, 0.5}) {
                sum += Math.exp(bias / temperature);
            }
            double share = text.chars().filter(c -> c == 'b').count() / 20_000.0;
            // The symbol of unknown characters, by far the likeliest, is never written.
            assertThat(share)
                    .as(String.format(Locale.ROOT, "temperature %.1f", temperature))
                    .isCloseTo(Math.exp(2 / temperature) / sum, within(0.02));
        }
    }

    @Test
    void theLikeliestEachTime() throws Exception {
        Sampler sampler = sampler(biased(0, 1, 2, 3, 9), 0, 0, 1);
        sampler.read("ab");
        assertThat(write(sampler, 20)).isEqualTo("c".repeat(20));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesToWriteWhereTheModelSaysNoNumber(float bias) throws Exception {
        for (double temperature : new double[] {0, 1}) {
            Sampler sampler = sampler(biased(0, bias, 2, 3, 9), 0, temperature, 1);
            sampler.read("ab");
            assertThatThrownBy(sampler::next)
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("What the model says is no finite number: " + bias);
        }
    }

    @Test
    void theSeedSaysWhat() throws Exception {
        SequenceModel model = drawn();
        String one = write(sampler(model, 0, 1, 1), 200);
        assertThat(write(sampler(model, 0, 1, 1), 200)).isEqualTo(one);
        assertThat(write(sampler(model, 0, 1, 2), 200)).isNotEqualTo(one);
    }

    /** After the context's length it is as if the latest half had been read by a new writer. */
    @Test
    void beginsAnewWithTheLatestHalf() throws Exception {
        SequenceModel model = drawn();
        String text = "abcabbcacbabcacabbac";
        Sampler long1 = sampler(model, 8, 0, 1);
        long1.read(text.substring(0, 9)); // the ninth begins anew with the fifth to eighth
        Sampler short1 = sampler(model, 8, 0, 1);
        short1.read(text.substring(4, 9));
        assertThat(write(long1, 3)).isEqualTo(write(short1, 3));
        Sampler whole = sampler(model, 0, 0, 1);
        whole.read(text);
        Sampler anew = sampler(model, 8, 0, 1);
        anew.read(text);
        assertThat(write(anew, 50)).hasSize(50);
    }

    @Test
    void refusesWhatTheModelDoesNotKnow() throws Exception {
        Alphabet closed = Alphabet.of("abcd\n", false);
        Sampler sampler =
                new Sampler(drawn(), closed, new WritePolicy.EveryKAtt(2), 0, 1, RandomStream.of(1, "sample"));
        assertThatThrownBy(() -> sampler.read("ab\u00e9"))
                .isInstanceOf(DataException.class)
                .hasMessage("the model does not know the character '\u00e9' (U+00E9): it has only seen U+000Aabcd");
        sampler(drawn(), 0, 1, 1).read("ab\u00e9");
        assertThatThrownBy(() -> sampler(drawn(), 0, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sampler(drawn(), 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsNothingOfATextThatItDoesNotKnow() throws Exception {
        Alphabet closed = Alphabet.of("abcd\n", false);
        SequenceModel model = drawn();
        Sampler one = new Sampler(model, closed, new WritePolicy.EveryKAtt(2), 0, 1, RandomStream.of(1, "sample"));
        Sampler other = new Sampler(model, closed, new WritePolicy.EveryKAtt(2), 0, 1, RandomStream.of(1, "sample"));
        one.read("ab");
        assertThatThrownBy(() -> one.read("cadbca\u20ac")).isInstanceOf(DataException.class);
        one.read("ca");
        other.read("abca");
        assertThat(write(one, 200)).isEqualTo(write(other, 200));
    }

    @Test
    void refusesAModelOfAnotherAlphabet() {
        SequenceModel fewer = new SequenceModel(ModelConfig.sab(5, 16, 4), KernelProviders.kernels());
        assertThatThrownBy(() -> sampler(fewer, 0, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A model that reads 5 symbols and writes 4, and an alphabet of 5");
        SequenceModel one = new SequenceModel(ModelConfig.sab(1, 16, 1), KernelProviders.kernels());
        assertThatThrownBy(() -> new Sampler(
                        one, Alphabet.of("", true), new WritePolicy.EveryKAtt(2), 0, 1, RandomStream.of(1, "sample")))
                .hasMessage("The alphabet has no character to write");
    }
}
