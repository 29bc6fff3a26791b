package org.sab4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sab4j.run.RunException;
import org.sab4j.run.TableModel;
import org.sab4j.table.TableStream;

/** Rows from standard input, answered until it ends or a signal ends the process; then the sequences are kept, if that is wanted. */
final class StreamSession {

    private final TableModel model;
    private final TableStream stream;
    private final @Nullable Path state;
    private boolean over; // guarded by this

    /** @param state where to keep the sequences; null if they are not kept */
    StreamSession(TableModel model, TableStream stream, @Nullable Path state) {
        this.model = model;
        this.stream = stream;
        this.state = state;
    }

    /** Answers all rows; the exit status. */
    int run() throws IOException {
        Thread atTheEnd = new Thread(this::keepAtASignal, "keeps the stream's sequences");
        if (state != null) {
            model.keep(stream, state); // at once, too: a file that can't be written must not be found out at the end
            Runtime.getRuntime().addShutdownHook(atTheEnd);
        }
        try {
            answerAll();
        } finally {
            if (state != null) {
                keep(state); // before the hook goes: a signal meanwhile waits for it
                forget(atTheEnd);
            }
        }
        if (stream.forgotten() > 0) {
            Main.say(TextProgress.count(stream.forgotten())
                    + " times a sequence was forgotten to make room for another: --sequences makes room for more");
        }
        stream.unknownWords().forEach(Main::say);
        if (stream.bad() > 0) {
            Main.say(TextProgress.count(stream.bad()) + (stream.bad() == 1 ? " line was" : " lines were")
                    + " answered with an \"error\": see what it says");
        }
        return stream.bad() > 0 ? ExitCode.FAILED : ExitCode.DONE;
    }

    private void answerAll() throws IOException {
        // A byte a character: what is no UTF-8 is one line's affair.
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer = answer(line);
            if (answer == null) {
                break;
            }
            System.out.println(answer); // however long nobody reads it, a signal finds the sequences free
            if (System.out.checkError()) {
                break;
            }
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook finds nothing left to do.
        }
    }

    /** Null when all is over: nothing is answered that would not be kept. */
    private synchronized @Nullable String answer(String line) {
        return over ? null : stream.answer(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    private synchronized void keep(Path file) throws IOException {
        if (!over) {
            over = true;
            model.keep(stream, file);
        }
    }

    private void keepAtASignal() {
        try {
            if (state != null) {
                keep(state);
            }
        } catch (IOException | RuntimeException e) {
            Main.say(String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            Main.say(String.valueOf(
                    RunException.memory("keeping " + state + " takes", "").getMessage()));
        }
    }
}
