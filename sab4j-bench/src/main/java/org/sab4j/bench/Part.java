package org.sab4j.bench;

/** The parts of an update, by the method that is at work and the kernel that it has called. */
enum Part {
    /** W_hh and W_ih, forward. */
    RECURRENT_FORWARD("recurrent products, forward"),
    /** W_hh, backward. */
    RECURRENT_BACKWARD("recurrent products, backward"),
    /** Of W_hh, W_ih, W1 and W2. */
    WEIGHT_GRADIENTS("gradients of the cell's and the scores' weights"),
    /** W1 and W2, forward and backward. */
    QUERIES_KEYS("queries and keys"),
    /** V1 and V2, forward, backward and gradients, and the loss. */
    HEAD("output head and loss"),
    /** Gates and their derivatives. */
    POINTWISE("pointwise part of the LSTM"),
    /** Of all memories. */
    SCORES("scores"),
    /** The k largest, and their weights. */
    SELECTION("selection of memories"),
    /** Of retrieved memories, and their gradients. */
    SUMS("weighted sums and their gradients"),
    /** Of the retrieved memories. */
    SCORE_GRADIENTS("gradients of scores"),
    /** Adam, sums over shards, packing. */
    OPTIMISER("sums over shards, clipping, Adam, packing"),
    /** The rest. */
    OTHER("the rest: copies, data, bookkeeping");

    private final String title;

    Part(String title) {
        this.title = title;
    }

    /** For tables. */
    String title() {
        return title;
    }

    /** Floating-point operations in matrix products that it can't do without. */
    double flops(Arithmetic.Parts parts) {
        return switch (this) {
            case RECURRENT_FORWARD -> parts.recurrentForward();
            case RECURRENT_BACKWARD -> parts.recurrentBackward();
            case WEIGHT_GRADIENTS -> parts.weightGradients();
            case QUERIES_KEYS -> parts.queriesAndKeys();
            case HEAD -> parts.head();
            case POINTWISE, SCORES, SELECTION, SUMS, SCORE_GRADIENTS, OPTIMISER, OTHER -> 0;
        };
    }

    /** The part of a method of a class, given the kernel that it is in; empty for none. */
    static Part of(String type, String method, String kernel) {
        return switch (type) {
            case "LstmCell" ->
                kernel.startsWith("lstm")
                        ? POINTWISE
                        : switch (method) {
                            case "forward", "vectors", "symbols" -> RECURRENT_FORWARD;
                            case "backward" -> RECURRENT_BACKWARD;
                            case "prepare" -> OPTIMISER;
                            default -> WEIGHT_GRADIENTS;
                        };
            case "MlpScores", "SalienceScores" ->
                switch (method) {
                    case "score" -> SCORES;
                    case "backward" -> SCORE_GRADIENTS;
                    case "queryGradients", "keyGradients" -> WEIGHT_GRADIENTS;
                    case "prepare" -> OPTIMISER;
                    default -> QUERIES_KEYS;
                };
            case "Retrieval", "Selection", "Sparsifier", "Memory" ->
                kernel.startsWith("weightedSum") ? SUMS : kernel.equals("topK") || kernel.isEmpty() ? SELECTION : SUMS;
            case "Sparsifier$1", "Sparsifier$2", "Sparsifier$3" -> SELECTION;
            case "OutputHead", "Loss", "LossSums" -> method.equals("prepare") ? OPTIMISER : HEAD;
            case "Adam" -> OPTIMISER;
            case "Trainer", "ShardedPass" -> kernel.isEmpty() ? OTHER : OPTIMISER;
            default -> OTHER;
        };
    }
}
