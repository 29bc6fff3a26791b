package org.sab4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.sab4j.run.Small;

/** The addresses that commands print are answered. */
class ServedTest extends ChildTest {

    private static final String TOKEN = "abcdefghijklmnop";

    private static String get(String address) throws Exception {
        URLConnection connection = URI.create(address).toURL().openConnection();
        connection.setRequestProperty("Authorization", "Bearer " + TOKEN);
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aFolderOfRuns() throws Exception {
        Small.train(folder.resolve("runs/one"), event -> {}, "--updates=1");
        Process process = start(prepared(command("serve")));
        String address = process.inputReader().readLine();
        assertThat(address).as(this::output).matches("http://localhost:[0-9]+/");
        assertThat(get(address)).startsWith("<!doctype html>");
        assertThat(get(address + "runs")).contains("\"name\":\"one\"");
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(ExitCode.SIGNALLED + 15);
    }

    @Test
    void aRunThatTrains() throws Exception {
        Process process = sab(
                train(folder.resolve("run"), "--updates=1000000000", "--live", "--tensorboard", "--token=" + TOKEN));
        Pattern said = Pattern.compile("sab: live view at (http://localhost:[0-9]+/)\\?token=" + TOKEN + "\n");
        Matcher matcher = said.matcher(output());
        while (!matcher.find()) {
            assertThat(process.isAlive()).as(this::output).isTrue();
            Thread.sleep(5);
            matcher = said.matcher(output());
        }
        assertThat(get(matcher.group(1) + "runs")).contains("\"name\":\"run\"");
        process.destroy();
        end(ExitCode.SIGNALLED + 15, process);
        assertThat(folder.resolve("run/events.out.tfevents.0.sab4j")).isNotEmptyFile();
    }
}
