package org.sab4j.train;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.Kernels;
import org.sab4j.kernels.Products;

/**
 * Products in which those threads of a team take part that have nothing else to do.
 *
 * <p>Weights of many units don't fit a core's caches, and each step of a shard reads them all. A shard of many rows reads them
 * less often than several of few rows; here its threads divide the columns, so that each reads only its own.
 *
 * <p>A large matrix is packed in pieces of its columns, and a product is as many products. Its thread takes one piece after the other,
 * and so does any thread that is {@linkplain #help idle}. The bits are those of the undivided product. Nothing is allocated.
 */
final class SharedProducts implements Products {

    /** Products of fewer multiply-adds, which take some ten microseconds, are not worth telling others about. */
    private static final long LEAST = 1 << 20;
    /** Reading the weights takes as long as multiplying them with so many rows. */
    private static final int READING = 8;
    /** Matrices of fewer weights are left whole. */
    private static final long LEAST_WEIGHTS = 1 << 16;
    /** Pieces of a product for each thread: one that is held up by something else then holds up little. */
    private static final int PIECES = 4;
    /** The rows of a weight's gradient come in multiples of so many, for each of which B is packed again. */
    private static final int ROWS = 64;
    /** How often an idle thread looks around before it lets others have its core. */
    private static final int LOOKS = 1 << 12;

    private static final long NAP = 10_000; // ns

    private static final float[] NO_FLOATS = {};

    private final Kernels kernels;
    private final int pieces;
    private final AtomicInteger idle = new AtomicInteger();
    private final Product[] products;
    private final float[][] helpersScratch;

    /** For a team of so many threads. */
    SharedProducts(Kernels kernels, int threads) {
        this.kernels = kernels;
        pieces = PIECES * threads;
        products = new Product[threads];
        Arrays.setAll(products, i -> new Product());
        helpersScratch = new float[threads][SCRATCH];
    }

    /** What computes the pieces. */
    Kernels kernels() {
        return kernels;
    }

    /** Takes part in others' products until {@code over} says that nobody has any more. */
    void help(int worker, BooleanSupplier over) {
        idle.incrementAndGet();
        try {
            for (int looks = 0; !over.getAsBoolean(); looks++) {
                boolean helped = false;
                for (Product product : products) {
                    helped |= product.take(helpersScratch[worker]);
                }
                if (helped) {
                    looks = 0;
                } else {
                    pause(looks);
                }
            }
        } finally {
            idle.decrementAndGet();
        }
    }

    private static void pause(int looks) {
        if (looks < LOOKS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(NAP);
        }
    }

    /** The columns of a piece of a matrix of shape (k, n), all but the last; by the shape alone, as packing goes by it. */
    private int columns(int k, int n) {
        int apart = 4 * kernels.lanes();
        return (long) k * n < LEAST_WEIGHTS ? n : Math.ceilDiv(n, pieces * apart) * apart;
    }

    @Override
    public int packedSize(int k, int n) {
        int columns = columns(k, n);
        int whole = n / columns;
        int rest = n % columns;
        int last = rest > 0 ? kernels.packedSize(k, rest) : 0;
        return Math.addExact(Math.multiplyExact(whole, kernels.packedSize(k, columns)), last);
    }

    @Override
    public void pack(int k, int n, float[] b, int bOff, int rowStride, int columnStride, float[] packed, int pOff) {
        Product product = free();
        product.kind = Kind.PACK;
        product.width = columns(k, n);
        product.set(1, n, k, NO_FLOATS, 0, rowStride, b, bOff, columnStride, packed, pOff, 0);
        product.run(isWorth(1, n, k), NO_FLOATS);
    }

    @Override
    public void gemm(
            int m,
            int n,
            int k,
            float[] a,
            int aOff,
            int lda,
            float[] packed,
            int pOff,
            float[] c,
            int cOff,
            int ldc,
            boolean accumulate) {
        Product product = free();
        product.kind = Kind.GEMM;
        product.accumulate = accumulate;
        product.width = columns(k, n);
        product.set(m, n, k, a, aOff, lda, packed, pOff, 0, c, cOff, ldc);
        product.run(isWorth(m, n, k), NO_FLOATS);
    }

    @Override
    public void gemmTransposedA(
            int m,
            int n,
            int k,
            float[] a,
            int aOff,
            int lda,
            float[] b,
            int bOff,
            int ldb,
            float[] c,
            int cOff,
            int ldc,
            float[] scratch) {
        boolean worth = isWorth(m, n, k);
        Product product = free();
        product.kind = Kind.TRANSPOSED;
        product.width = worth ? Math.ceilDiv(m, pieces * ROWS) * ROWS : m;
        product.set(m, n, k, a, aOff, lda, b, bOff, ldb, c, cOff, ldc);
        product.run(worth, scratch);
    }

    /** Whether somebody is idle, and there is enough to do. */
    private boolean isWorth(int m, int n, int k) {
        return idle.get() > 0 && (long) Math.max(m, READING) * n * k >= LEAST;
    }

    /** One that nobody uses: there are as many as threads in the team. */
    private Product free() {
        for (Product product : products) {
            if (!product.used.get() && product.used.compareAndSet(false, true)) {
                return product;
            }
        }
        return new Product(); // for a thread from elsewhere
    }

    /** What there is to do. */
    private enum Kind {
        /** B, with the strides lda and ldb, into C. */
        PACK,
        /** A · B, B packed. */
        GEMM,
        /** Aᵀ · B. */
        TRANSPOSED
    }

    /** A product with its arguments, which may be open to others; used again and again. */
    private final class Product {

        private static final long ONE_OPENING = 1L << 32;

        private final AtomicBoolean used = new AtomicBoolean();
        /** The pieces that nobody has taken yet; above them how often this was opened, so that nobody takes one of an earlier time. */
        private final AtomicLong untaken = new AtomicLong();

        private final AtomicInteger undone = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        private Kind kind = Kind.GEMM;
        private boolean accumulate;
        private int width; // of a piece
        private int m;
        private int n;
        private int k;
        private float[] a = NO_FLOATS;
        private int aOff;
        private int lda;
        private float[] b = NO_FLOATS;
        private int bOff;
        private int ldb;
        private float[] c = NO_FLOATS;
        private int cOff;
        private int ldc;

        void set(
                int newM,
                int newN,
                int newK,
                float[] newA,
                int newAOff,
                int newLda,
                float[] newB,
                int newBOff,
                int newLdb,
                float[] newC,
                int newCOff,
                int newLdc) {
            m = newM;
            n = newN;
            k = newK;
            a = newA;
            aOff = newAOff;
            lda = newLda;
            b = newB;
            bOff = newBOff;
            ldb = newLdb;
            c = newC;
            cOff = newCOff;
            ldc = newLdc;
        }

        /**
         * Does all pieces, or those that nobody else does, and returns when everything is done; throws what a piece threw.
         *
         * @param open whether others may take pieces
         */
        void run(boolean open, float[] own) {
            try {
                int count = Math.ceilDiv(kind == Kind.TRANSPOSED ? m : n, width);
                if (open && count > 1) {
                    share(count, own);
                } else {
                    for (int piece = 0; piece < count; piece++) {
                        piece(piece, own);
                    }
                }
            } finally {
                used.set(false);
            }
        }

        private void share(int count, float[] own) {
            undone.set(count);
            untaken.set((untaken.get() & -ONE_OPENING) + ONE_OPENING + count);
            while (take(own)) {
                // until all are taken
            }
            for (int looks = 0; undone.get() > 0; looks++) {
                pause(looks);
            }
            ThreadTeam.rethrow(failure.getAndSet(null));
        }

        /** Does one piece, if there is one left. */
        boolean take(float[] own) {
            long state;
            do {
                state = untaken.get();
                if ((int) state == 0) {
                    return false;
                }
            } while (!untaken.compareAndSet(state, state - 1));
            try {
                piece((int) state - 1, own);
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            } finally {
                undone.decrementAndGet();
            }
            return true;
        }

        private void piece(int piece, float[] own) {
            int from = piece * width;
            int count = Math.min(width, (kind == Kind.TRANSPOSED ? m : n) - from);
            int panel = piece * kernels.packedSize(k, width);
            switch (kind) {
                case PACK -> kernels.pack(k, count, b, bOff + from * ldb, lda, ldb, c, cOff + panel);
                case GEMM -> kernels.gemm(m, count, k, a, aOff, lda, b, bOff + panel, c, cOff + from, ldc, accumulate);
                case TRANSPOSED ->
                    kernels.gemmTransposedA(
                            count, n, k, a, aOff + from, lda, b, bOff, ldb, c, cOff + from * ldc, ldc, own);
            }
        }
    }
}
