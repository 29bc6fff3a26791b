package org.sab4j.retrieval;

import org.sab4j.kernels.Kernels;
import org.sab4j.memory.Memory;

/** Which memories a step is reminded of: those of the largest scores, as many as the sparsifier takes. */
final class Selection {

    private final Kernels kernels;
    private final Scores scores;
    private final Sparsifier sparsifier;
    private final int kTop;

    Selection(Kernels kernels, Scores scores, Sparsifier sparsifier, int kTop) {
        this.kernels = kernels;
        this.scores = scores;
        this.sparsifier = sparsifier;
        this.kTop = kTop;
    }

    /** What a choice needs room for, a row at a time. */
    static final class Room {
        private final int width;
        private final float[] all; // (N in whole vectors) a row's scores
        private final int[] some; // (N) the slots of the memories scored, where not all are
        private int[] exact = new int[0]; // (width) the largest scores, where it is counted how many are found
        private float[] values = new float[0]; // (width) theirs
        private long asked;
        private long found;

        private Room(int width, float[] all, int[] some) {
            this.width = width;
            this.all = all;
            this.some = some;
        }

        /** From now on counts, at the price of scoring all, how many of the largest scores a search finds. */
        void countRecall() {
            exact = new int[width];
            values = new float[width];
        }

        /** The share of the largest scores that searches have found; NaN if there was none. */
        double recall() {
            return (double) found / asked;
        }
    }

    /** The most memories that a step is reminded of, the threshold's included. */
    int most(Memory memory) {
        return Math.min(sparsifier.taken(kTop), memory.capacity);
    }

    /** Room for choices among a memory's rows. */
    Room room(Memory memory) {
        int lanes = kernels.keyBlock();
        float[] all = new float[(memory.capacity + lanes - 1) / lanes * lanes];
        return new Room(most(memory), all, new int[scores.searches() && !memory.isBounded() ? memory.capacity : 0]);
    }

    /**
     * Chooses among a row's memories, of which there is at least one.
     *
     * @param queries (A) from {@code qOff}
     * @param indices (width) the slots of the chosen written from {@code at}, the highest score first; in the order of slots where
     *     the softmax takes all
     * @param top (width) their scores written
     * @return how many there are
     */
    int choose(
            Room room,
            Scores.Keys keys,
            Memory memory,
            int row,
            float[] queries,
            int qOff,
            int[] indices,
            int at,
            float[] top) {
        int n = memory.size(row);
        int some = room.some.length == 0 ? 0 : scores.search(keys, memory, row, queries, qOff, room.all, room.some);
        if (some > 0) {
            int count = kernels.topK(some, room.all, 0, Math.min(room.width, some), indices, at, top, 0);
            for (int j = at; j < at + count; j++) {
                indices[j] = room.some[indices[j]];
            }
            if (room.exact.length > 0) {
                compare(room, keys, memory, row, queries, qOff, indices, at, count);
            }
            return count;
        }
        scores.score(keys, memory, row, queries, qOff, room.all);
        if (n > sparsifier.taken(kTop) || sparsifier == Sparsifier.RELU) {
            return kernels.topK(n, room.all, 0, Math.min(room.width, n), indices, at, top, 0);
        }
        for (int i = 0; i < n; i++) {
            indices[at + i] = i;
            top[i] = room.all[i];
        }
        return n;
    }

    /** Counts how many of the largest scores were found. */
    private void compare(
            Room room,
            Scores.Keys keys,
            Memory memory,
            int row,
            float[] queries,
            int qOff,
            int[] indices,
            int at,
            int count) {
        scores.score(keys, memory, row, queries, qOff, room.all);
        kernels.topK(memory.size(row), room.all, 0, count, room.exact, 0, room.values, 0);
        room.asked += count;
        for (int i = 0; i < count; i++) {
            for (int j = at; j < at + count; j++) {
                room.found += room.exact[i] == indices[j] ? 1 : 0;
            }
        }
    }
}
