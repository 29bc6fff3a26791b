package org.sab4j.reproduce;

import org.sab4j.run.RunConfig;

/** What a model is called in a table. */
final class Label {

    private Label() {}

    /** From what it is. */
    static String of(RunConfig config) {
        String truncation = config.kTrunc() == 0 ? "BPTT" : "TBPTT " + config.kTrunc();
        return switch (config.model()) {
            case LSTM -> "LSTM, " + truncation;
            case SELF_ATTENTION -> "LSTM + self-attention, " + truncation;
            case SAB ->
                "SAB " + (config.kTrunc() == 0 ? "BPTT" : String.valueOf(config.kTrunc())) + "," + config.kTop()
                        + config.ablation();
        };
    }
}
