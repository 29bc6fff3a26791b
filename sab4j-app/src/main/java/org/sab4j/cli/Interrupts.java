package org.sab4j.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the first Ctrl-C, or a polite kill, into a wish that training asks for after each update and within evaluations; the second leaves at
 * once.
 *
 * <p>A shutdown hook would not do: Java lets no second signal through while hooks run. {@code sun.misc.Signal} does, and
 * is called by name, since the compiler warns of it and nothing silences that. Where it is missing a signal ends the
 * process as usual, which a run survives, too.
 */
final class Interrupts implements AutoCloseable {

    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    /** Nanoseconds within which a second signal is the first one's echo: timeout and shells send one to the process and one to its group. */
    private static final long ECHO = 1_000_000_000;

    private volatile int number; // of the first signal; 0 before it
    private long first; // when it came

    private final List<Object> signals = new ArrayList<>();
    private final List<Object> before = new ArrayList<>();

    private final String sentence;

    private Interrupts(String sentence) {
        this.sentence = sentence;
    }

    /** Watches from now on, and says what happens when somebody wants an end of training. */
    static Interrupts watch() {
        return watch("stopping after this update, or within the evaluation; once more leaves at once");
    }

    /** Watches from now on, where the end comes at once. */
    static Interrupts quiet() {
        return watch("");
    }

    private static Interrupts watch(String sentence) {
        Interrupts interrupts = new Interrupts(sentence);
        InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> interrupts.received(arguments[0]);
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
            default -> "interrupts";
        };
        for (String name : SIGNALS) {
            try {
                Class<?> type = Class.forName("sun.misc.SignalHandler");
                Object signal = signalType().getConstructor(String.class).newInstance(name);
                Object handling = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
                interrupts.before.add(handle(signal, handling));
                interrupts.signals.add(signal);
            } catch (ReflectiveOperationException e) {
                // The system, or an option of Java, keeps this one for itself.
            }
        }
        return interrupts;
    }

    private static Class<?> signalType() throws ClassNotFoundException {
        return Class.forName("sun.misc.Signal");
    }

    /** Sets a signal's handler and returns the one before. */
    private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        return signalType().getMethod("handle", signalType(), handlerType).invoke(null, signal, handler);
    }

    private synchronized @Nullable Object received(Object signal) throws ReflectiveOperationException {
        int received = (Integer) signalType().getMethod("getNumber").invoke(signal);
        long now = System.nanoTime();
        if (number != 0) {
            if (now - first < ECHO) {
                return null;
            }
            Runtime.getRuntime().halt(ExitCode.SIGNALLED + received);
        }
        number = received;
        first = now;
        if (Terminal.isLive()) {
            System.err.println(); // the line that is being written over stays
        }
        if (!sentence.isEmpty()) {
            Main.say(sentence);
        }
        return null;
    }

    /** Whether somebody wants an end. */
    boolean requested() {
        return number != 0;
    }

    /** The number of the signal that said so. */
    int signal() {
        return number;
    }

    @Override
    public void close() {
        for (int i = 0; i < signals.size(); i++) {
            try {
                handle(signals.get(i), before.get(i));
            } catch (ReflectiveOperationException e) {
                // Then ours stays, and the process ends soon.
            }
        }
    }
}
