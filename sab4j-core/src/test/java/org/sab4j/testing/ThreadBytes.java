package org.sab4j.testing;

import java.lang.reflect.Method;

/**
 * The bytes that a thread has allocated, from {@code com.sun.management.ThreadMXBean}.
 *
 * <p>Tests are compiled as part of the module, which does not read {@code jdk.management}, so by reflection.
 */
public final class ThreadBytes {

    private final Object bean;
    private final Method bytes;

    /** Those of the threads that ask. */
    public ThreadBytes() throws ReflectiveOperationException {
        bean = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        bytes = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
    }

    /** By this thread so far. */
    public long allocated() throws ReflectiveOperationException {
        return (Long) bytes.invoke(bean);
    }
}
