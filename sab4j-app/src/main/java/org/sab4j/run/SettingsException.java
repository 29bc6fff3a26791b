package org.sab4j.run;

import java.util.List;

/** Settings that can't be used: a sentence for each, which names the option or the line of the file. */
public final class SettingsException extends RunException {
    private static final long serialVersionUID = 1L;

    private final List<String> sentences;

    /** One sentence for each thing that is wrong. */
    public SettingsException(List<String> sentences) {
        super(String.join(System.lineSeparator(), sentences));
        this.sentences = List.copyOf(sentences);
    }

    /** One sentence for each thing that is wrong. */
    public List<String> sentences() {
        return sentences;
    }
}
