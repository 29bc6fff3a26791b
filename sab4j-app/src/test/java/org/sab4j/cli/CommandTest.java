package org.sab4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of the command as a user types it, which reads what it prints. */
abstract class CommandTest {

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final InputStream realIn = System.in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setOut(realOut);
        System.setErr(realErr);
        System.setIn(realIn);
    }

    /** Its exit status. */
    final int sab(String... args) {
        out.reset();
        err.reset();
        return Main.run(args);
    }

    /** What the last command printed on standard output. */
    final String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What it printed on standard error. */
    final String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
