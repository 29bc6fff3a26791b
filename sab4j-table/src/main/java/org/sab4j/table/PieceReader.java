package org.sab4j.table;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts sorted rows into pieces as {@link Windows} says. */
final class PieceReader {

    private final TableEncoding encoding;
    private final Windows windows;
    private final Consumer<Piece> pieces;

    private String sequence = "";
    private int steps;
    private int predictedFrom;
    private float[] inputs; // (steps, I)
    private long[] rows = new long[64];
    private long[] orders = new long[64];

    /** @param pieces is given each piece when it is whole */
    PieceReader(TableEncoding encoding, Consumer<Piece> pieces) {
        this.encoding = encoding;
        this.pieces = pieces;
        windows = new Windows(encoding.window());
        inputs = new float[64 * encoding.inputs()];
    }

    /** Takes the next row. */
    void add(SortedRows row) throws IOException {
        if (row.first()) {
            finish();
            sequence = row.sequence();
        } else if (windows.cuts() && steps == windows.length()) {
            moveOn();
        }
        int width = encoding.inputs();
        if (steps == rows.length) {
            makeRoom(row);
        }
        encoding.encode(row.raw(), inputs, steps * width);
        rows[steps] = row.row();
        orders[steps++] = row.orderBits();
    }

    private void makeRoom(SortedRows row) throws TableException {
        long room = 2L * steps;
        if (room * encoding.inputs() > Integer.MAX_VALUE - 8) {
            throw new TableException("sequence " + TableException.quoted(row.sequence()) + " has more than " + steps
                    + " rows, too many to be seen as a whole: train with --window");
        }
        rows = Arrays.copyOf(rows, (int) room);
        orders = Arrays.copyOf(orders, (int) room);
        inputs = Arrays.copyOf(inputs, (int) room * encoding.inputs());
    }

    /** Hands the piece over, and begins the next with its second half. */
    private void moveOn() {
        if (encoding.perStep()) {
            handOver();
        }
        int stride = windows.stride();
        int width = encoding.inputs();
        System.arraycopy(inputs, stride * width, inputs, 0, (steps - stride) * width);
        System.arraycopy(rows, stride, rows, 0, steps - stride);
        System.arraycopy(orders, stride, orders, 0, steps - stride);
        steps -= stride;
        predictedFrom = steps;
    }

    private void handOver() {
        pieces.accept(new Piece(
                sequence,
                steps,
                encoding.perStep() ? predictedFrom : steps - 1,
                Arrays.copyOf(inputs, steps * encoding.inputs()),
                Arrays.copyOf(rows, steps),
                Arrays.copyOf(orders, steps)));
    }

    /** Hands over what is left of the last sequence. */
    void finish() {
        if (steps > 0) {
            handOver();
        }
        steps = 0;
        predictedFrom = 0;
    }
}
