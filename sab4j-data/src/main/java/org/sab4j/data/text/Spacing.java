package org.sab4j.data.text;

import java.util.function.IntConsumer;

/** What becomes of a text's spaces. */
public enum Spacing {
    /** Nothing. */
    KEPT {
        @Override
        IntConsumer to(IntConsumer consumer) {
            return consumer;
        }
    },
    /**
     * As the Penn Treebank's characters are made of Mikolov's files of words: spaces at the ends of each line go, each other one
     * becomes {@code _}, and the newline stays a character of its own.
     */
    WORDS {
        @Override
        IntConsumer to(IntConsumer consumer) {
            return new Words(consumer);
        }
    };

    /** What becomes of a file's characters. */
    public String apply(String text) {
        StringBuilder become = new StringBuilder();
        text.codePoints().forEach(to(become::appendCodePoint));
        return become.toString();
    }

    /** A consumer of a file's characters that hands on what they become. */
    abstract IntConsumer to(IntConsumer consumer);

    private static final class Words implements IntConsumer {
        private final IntConsumer consumer;
        private boolean inLine;
        private int waiting; // spaces that may be the line's last

        Words(IntConsumer consumer) {
            this.consumer = consumer;
        }

        @Override
        public void accept(int character) {
            if (character == ' ') {
                waiting += inLine ? 1 : 0;
                return;
            }
            for (; waiting > 0 && character != '\n'; waiting--) {
                consumer.accept('_');
            }
            waiting = 0;
            inLine = character != '\n';
            consumer.accept(character);
        }
    }
}
