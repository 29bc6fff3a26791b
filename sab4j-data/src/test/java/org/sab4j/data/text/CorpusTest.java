package org.sab4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sab4j.batch.Batch;
import org.sab4j.batch.Inputs;
import org.sab4j.batch.Targets;
import org.sab4j.data.DataException;
import org.sab4j.data.RealData;
import org.sab4j.task.Part;

/** From files to symbols in three parts, and to sequences of them. */
class CorpusTest {

    private static final Corpus.Reading PLAIN = new Corpus.Reading(Spacing.KEPT, 0.25, 0.25, true);
    private static final Corpus.Reading CLOSED = new Corpus.Reading(Spacing.KEPT, 0.25, 0.25, false);

    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String text(Corpus corpus, Part part) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < corpus.length(part); i++) {
            int symbol = corpus.text(part).at(i);
            if (corpus.alphabet().known(symbol)) {
                text.appendCodePoint(corpus.alphabet().character(symbol));
            } else {
                text.append('?');
            }
        }
        return text.toString();
    }

    @Test
    void oneTextIsCutInThree() throws Exception {
        Corpus corpus = Corpus.read(file("a.txt", "abcabcabxcz😀ab"), PLAIN); // 14 characters
        assertThat(text(corpus, Part.TRAINING)).isEqualTo("abcabc");
        assertThat(text(corpus, Part.VALIDATION)).isEqualTo("ab?c");
        assertThat(text(corpus, Part.TEST)).isEqualTo("??ab");
        assertThat(corpus.alphabet().characters()).isEqualTo("abc");
        assertThat(corpus.alphabet().size()).isEqualTo(4);
    }

    @Test
    void asManyKindsAsThereIsRoomFor() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int c = 0x10000; c < 0x10000 + 65_535; c++) {
            all.appendCodePoint(c);
        }
        assertThat(Corpus.read(file("all.txt", all.toString().repeat(3)), PLAIN)
                        .alphabet()
                        .size())
                .isEqualTo(65_536);
        Path more = file("more.txt", all.appendCodePoint(0x100).toString());
        assertThatThrownBy(() -> Corpus.read(more, PLAIN))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is too much: a text may have 2,147,483,631 characters of 65,535 kinds");
    }

    @Test
    void aClosedAlphabetComplainsOfWhatItDoesNotHave() throws Exception {
        Path file = file("a.txt", "abcabcabxcz😀ab");
        assertThatThrownBy(() -> Corpus.read(file, CLOSED))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file + ": the character 'x' (U+0078) of the validation part does not occur");
        assertThat(Corpus.read(file("b.txt", "abcabcabccab"), CLOSED).alphabet().size())
                .isEqualTo(3);
    }

    @Test
    void filesNamedAsParts() throws Exception {
        file("ptb.train.txt", "the cat\n");
        file("ptb.valid.txt", "a cat\n");
        file("ptb.test.txt", "at\n");
        file("README.md", "x");
        Corpus corpus = Corpus.read(folder, CLOSED);
        assertThat(text(corpus, Part.TRAINING)).isEqualTo("the cat\n");
        assertThat(text(corpus, Part.VALIDATION)).isEqualTo("a cat\n");
        assertThat(text(corpus, Part.TEST)).isEqualTo("at\n");
        assertThat(corpus.inFiles()).isTrue();
    }

    /** Those of its preparation, for instance. */
    @Test
    void filesOfOtherKindsThatAreCalledAsParts() throws Exception {
        file("input.txt", "abcdefgh");
        file("train.bin", "zzz");
        file("val.bin", "zzz");
        Corpus corpus = Corpus.read(folder, PLAIN);
        assertThat(text(corpus, Part.TRAINING)).isEqualTo("abcd");
        assertThat(corpus.inFiles()).isFalse();
        file("test.bin", "zzz");
        assertThatThrownBy(() -> Corpus.read(folder, CLOSED))
                .hasMessageEndingWith(
                        " has a file for each part, and input.txt besides: leave one of the two in a folder of its own");
    }

    /** What is in .txt is preferred, but hides no part. */
    @Test
    void partsOfWhichSomeAreNotInTxt() throws Exception {
        file("wiki.train.tokens", "the cat\n");
        file("wiki.valid.tokens", "a cat\n");
        file("wiki.test.tokens", "at\n");
        file("README.txt", "about the cat\n");
        assertThat(text(Corpus.read(folder, CLOSED), Part.TEST)).isEqualTo("at\n");
        file("train.txt", "cat the\n");
        assertThatThrownBy(() -> Corpus.read(folder, CLOSED))
                .hasMessageContaining("has several files for the training part, train.txt and wiki.train.tokens");
        file("valid.txt", "cat a\n");
        file("test.txt", "tac\n");
        Corpus corpus = Corpus.read(folder, CLOSED);
        assertThat(text(corpus, Part.TRAINING)).isEqualTo("cat the\n");
        assertThat(text(corpus, Part.VALIDATION)).isEqualTo("cat a\n");
        assertThat(text(corpus, Part.TEST)).isEqualTo("tac\n");
    }

    /** As one text these would have the test in the training part. */
    @Test
    void someOfThePartsOrSomeTwiceAreRefused() throws Exception {
        file("train.txt", "the cat\n");
        file("test.txt", "at\n");
        assertThatThrownBy(() -> Corpus.read(folder, CLOSED))
                .hasMessageContaining("has files for some parts and none for the validation part");
        file("valid.txt", "a cat\n");
        Alphabet alphabet = Corpus.read(folder, CLOSED).alphabet();
        file("train.char.txt", "t h e\n");
        assertThatThrownBy(() -> Corpus.read(folder, CLOSED))
                .hasMessageContaining("has several files for the training part, train.char.txt and train.txt");
        assertThat(Corpus.test(folder, CLOSED, alphabet).length(Part.TEST))
                .as("to be measured on as a whole")
                .isEqualTo("t h e\nthe cat\na cat\nat\n".length());
    }

    @Test
    void otherFilesAreOneTextInTheOrderOfTheirNames() throws Exception {
        file("2.txt", "efgh");
        file("1.txt", "abcd");
        file("latest.bin", "zzz");
        Corpus corpus = Corpus.read(folder, PLAIN);
        assertThat(text(corpus, Part.TRAINING)).isEqualTo("abcd");
        assertThat(corpus.length(Part.VALIDATION)).isEqualTo(2);
        assertThat(corpus.inFiles()).isFalse();
    }

    @Test
    void charactersOfTheTreebank() throws Exception {
        file("train", " no it was n't <unk>  \n  aer banknote \n");
        file("valid", "no ");
        file("test", "it\n \n");
        Corpus corpus = Corpus.read(folder, new Corpus.Reading(Spacing.WORDS, 0.1, 0.1, true));
        assertThat(text(corpus, Part.TRAINING)).isEqualTo("no_it_was_n't_<unk>\naer_banknote\n");
        assertThat(text(corpus, Part.VALIDATION)).isEqualTo("no");
        assertThat(text(corpus, Part.TEST)).isEqualTo("it\n\n");
    }

    @Test
    void packedTextsAndByteOrderMarks() throws Exception {
        Path packed = folder.resolve("a.txt.gz");
        try (var out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write("\uFEFFabcdabcd".getBytes(StandardCharsets.UTF_8));
        }
        Corpus corpus = Corpus.read(packed, PLAIN);
        assertThat(text(corpus, Part.TRAINING)).isEqualTo("abcd");
        assertThat(corpus.fingerprint()).hasSize(64);
    }

    /** Characters of one to four bytes, so many that they lie across every edge of the blocks that are read. */
    @Test
    void charactersAcrossBlocks() throws Exception {
        String unit = "aé€😀";
        String text = unit.repeat(40_000);
        Corpus corpus = Corpus.read(file("long.txt", text), CLOSED);
        assertThat(text(corpus, Part.TRAINING)).isEqualTo(unit.repeat(20_000));
        assertThat(text(corpus, Part.TEST)).isEqualTo(unit.repeat(10_000));
    }

    @Test
    void manyKindsOfCharacters() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            text.appendCodePoint(0x4E00 + i % 1000);
        }
        Corpus corpus = Corpus.read(file("han.txt", text.toString()), PLAIN);
        assertThat(corpus.alphabet().size()).isEqualTo(1001);
        assertThat(text(corpus, Part.TRAINING)).isEqualTo(text.substring(0, 1500));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "3, 4", "70000, 70001"})
    void latin1(int linesBefore, int line) throws Exception {
        byte[] before = "ab\n".repeat(linesBefore).getBytes(StandardCharsets.UTF_8);
        byte[] bytes = java.util.Arrays.copyOf(before, before.length + 4);
        System.arraycopy(new byte[] {'c', 'a', 'f', (byte) 0xE9}, 0, bytes, before.length, 4);
        Path file = Files.write(folder.resolve("latin.txt"), bytes);
        assertThatThrownBy(() -> Corpus.read(file, PLAIN))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ", line " + line + ": not UTF-8 (the byte 0xE9): convert the file, for instance with"
                        + " iconv -f LATIN1 -t UTF-8");
    }

    @Test
    void whatIsNoTextOrNotWhole() throws Exception {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {'E', 'L', 'F', '\n', 2, 0, (byte) 0xD0, 'a'});
        assertThatThrownBy(() -> Corpus.read(binary, PLAIN))
                .hasMessageStartingWith(binary + ", line 2: not UTF-8, since it has bytes 0: a binary file, or UTF-16");
        byte[] whole = "déjà".getBytes(StandardCharsets.UTF_8);
        Path cut = Files.write(folder.resolve("cut.txt"), java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> Corpus.read(cut, PLAIN))
                .hasMessage(cut + ", line 1: ends within a character, so it was cut off: get it as a whole");
    }

    @Test
    void whatCannotBeUsed() throws Exception {
        assertThatThrownBy(() -> Corpus.read(folder, PLAIN)).hasMessageContaining("has no files in it");
        assertThatThrownBy(() -> Corpus.read(folder.resolve("none"), PLAIN)).hasMessageContaining("does not exist");
        Path empty = file("empty.txt", "");
        assertThatThrownBy(() -> Corpus.read(empty, PLAIN)).hasMessageContaining("is too short a text: 0 characters");
        Path brief = file("brief.txt", "abcd");
        assertThatThrownBy(() -> Corpus.read(brief, PLAIN)).hasMessageContaining("is too short a text: 4 characters");
        Path packed = file("no.gz", "abcd");
        assertThatThrownBy(() -> Corpus.read(packed, PLAIN)).hasMessageContaining(packed + " cannot be read: ");
    }

    @Test
    void anotherTextByTheSameAlphabet() throws Exception {
        Corpus corpus = Corpus.read(file("a.txt", "abcabcabccab"), PLAIN);
        Corpus other = Corpus.test(file("b.txt", "cabx"), PLAIN, corpus.alphabet());
        assertThat(text(other, Part.TEST)).isEqualTo("cab?");
        assertThat(other.length(Part.TRAINING)).isZero();
        assertThat(new CharacterTask(other, 3).sequences(Part.TRAINING)).isZero();
        assertThat(new CharacterTask(other, 3).sequences(Part.TEST)).isEqualTo(1);
    }

    @Test
    void sequencesCoverTheTextOnce() throws Exception {
        Corpus corpus =
                Corpus.read(file("a.txt", "abcdefghijklmnop"), new Corpus.Reading(Spacing.KEPT, 0.2, 0.2, true));
        CharacterTask task = new CharacterTask(corpus, 4); // 10, 3 and 3 characters
        assertThat(task.sequences(Part.TRAINING)).isEqualTo(3);
        assertThat(task.sequences(Part.TEST)).isEqualTo(1);
        Batch batch = task.batch(Part.TRAINING, new int[] {2, 0});
        assertThat(batch.steps()).isEqualTo(4);
        int[] x = ((Inputs.Symbols) batch.inputs()).values();
        int[] y = ((Targets.Classes) batch.targets()).values();
        // i -> j, padded; then abcd -> bcde
        assertThat(y).containsExactly(9, Targets.NONE, Targets.NONE, Targets.NONE, 1, 2, 3, 4);
        assertThat(x[0]).isEqualTo(8);
        assertThat(java.util.Arrays.copyOfRange(x, 4, 8)).containsExactly(0, 1, 2, 3);
        assertThat(task.batch(Part.TRAINING, new int[] {2}).steps()).isEqualTo(1);
    }

    @Test
    void theTreebankItself() throws Exception {
        Corpus corpus = Corpus.read(RealData.of("ptb"), new Corpus.Reading(Spacing.WORDS, 0.05, 0.05, false));
        assertThat(corpus.alphabet().size()).isEqualTo(50);
        assertThat(corpus.length(Part.TRAINING)).isEqualTo(5_017_482);
        assertThat(corpus.length(Part.VALIDATION)).isEqualTo(393_042);
        assertThat(corpus.length(Part.TEST)).isEqualTo(442_423);
    }

    @Test
    void theBeginningOfText8() throws Exception {
        Corpus corpus = Corpus.read(
                RealData.of("text8/text8.prefix-12549840"), new Corpus.Reading(Spacing.KEPT, 0.05, 0.05, false));
        assertThat(corpus.alphabet().characters()).isEqualTo(" abcdefghijklmnopqrstuvwxyz");
        assertThat(corpus.length(Part.TRAINING)).isEqualTo(11_294_856);
    }

    @ParameterizedTest
    @CsvSource({"NaN, 0.05", "-0.5, 0.6", "0.6, 0.6", "0, Infinity"})
    void refusesSharesThatAreNone(double validation, double test) {
        assertThatThrownBy(() -> new Corpus.Reading(Spacing.KEPT, validation, test, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("together at most 1");
    }
}
