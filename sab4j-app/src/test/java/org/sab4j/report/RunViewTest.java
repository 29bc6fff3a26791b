package org.sab4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sab4j.kernels.Kernels;
import org.sab4j.run.Small;

class RunViewTest {

    @TempDir
    private Path folder;

    /** Explaining may take minutes. */
    @Test
    void whileARunIsExplainedTheRestCanBeSeen() throws Exception {
        Small.train(folder, event -> {}, "--updates=10");
        RunView view = RunView.read(folder);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        Kernels slow = before(() -> {
            begun.countDown();
            seen.await();
        });
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<RunView> explained = threads.submit(() -> {
                view.explain(1, slow);
                return view;
            });
            try {
                assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
                Future<SequencedMap<String, @Nullable Object>> content = threads.submit(() -> {
                    view.update();
                    return view.content();
                });
                assertThat(content.get(60, TimeUnit.SECONDS).get("explanation")).isNull();
            } finally {
                seen.countDown();
            }
            assertThat(explained.get().content().get("explanation")).isNotNull();
        }
    }

    private interface Wait {
        void run() throws InterruptedException;
    }

    /** Kernels that wait for something first. */
    private static Kernels before(Wait wait) {
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    wait.run();
                    return method.invoke(Small.KERNELS, arguments);
                });
    }

    @Test
    void otherSettingsAreNoticed() throws Exception {
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, "task: copy\nmodel: sab\nseed: 1\n");
        RunView view = RunView.read(folder);
        assertThat(view.isOutdated()).isFalse();
        later(config);
        assertThat(view.isOutdated()).isTrue();
        RunView again = RunView.read(folder);
        assertThat(again.isOutdated()).isFalse();
        assertThat(again.content().get("configured"))
                .isNotEqualTo(view.content().get("configured"));
        Files.delete(config);
        assertThat(again.isOutdated()).isTrue();
    }

    /** As a file that was written later. */
    private static void later(Path file) throws IOException {
        FileTime now = Files.getLastModifiedTime(file);
        Files.setLastModifiedTime(file, FileTime.fromMillis(now.toMillis() + 5000));
    }
}
