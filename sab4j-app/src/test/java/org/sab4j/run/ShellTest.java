package org.sab4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed to be typed. */
class ShellTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            runs/copy-2.b | sab eval runs/copy-2.b --length 1,2
            Läufe/試      | sab eval Läufe/試 --length 1,2
            my runs/a     | sab eval 'my runs/a' --length 1,2
            it's          | sab eval 'it'\\''s' --length 1,2
            ""            | sab eval '' --length 1,2
            """)
    void onlyWhatMustBeIsQuoted(String run, String command) {
        assertThat(Shell.sab("eval", run, "--length", "1,2")).isEqualTo(command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "~", "$HOME", "`ls`", "*", "a'b\"c\\\\d", "a;b&c|d", "{a,b}", "#x", "!x", "a\nb", ""})
    void aShellReadsTheArgumentAgain(String argument) throws Exception {
        Process shell =
                new ProcessBuilder("sh", "-c", Shell.sab("x", argument).replaceFirst("^sab x", "printf %s")).start();
        assertThat(shell.getInputStream().readAllBytes()).isEqualTo(argument.getBytes(StandardCharsets.UTF_8));
        assertThat(shell.waitFor()).isZero();
    }
}
