package org.sab4j.table;

/**
 * Some steps of a sequence that go through a model together, the last of which are to be predicted after.
 *
 * @param sequence the sequence's name
 * @param steps how many
 * @param predictedFrom the first that is predicted after
 * @param inputs (steps, I)
 * @param rows (steps) where each stands in the table
 * @param orders (steps) {@link SortedRows#orderBits}
 */
@SuppressWarnings("ArrayRecordComponent") // large arrays, held and never compared
record Piece(String sequence, int steps, int predictedFrom, float[] inputs, long[] rows, long[] orders) {}
