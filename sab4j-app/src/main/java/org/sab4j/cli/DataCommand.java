package org.sab4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sab4j.data.DataException;
import org.sab4j.data.fetch.CheckSum;
import org.sab4j.data.fetch.Fetcher;
import org.sab4j.data.fetch.KnownData;
import org.sab4j.data.fetch.KnownFile;
import org.sab4j.data.fetch.Network;
import org.sab4j.run.RunException;
import org.sab4j.run.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sab data}. */
@Command(
        name = "data",
        description = "Lists, gets and checks the known data sets.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sab data list",
            "  sab data get mnist",
            "  sab data get ptb --from ~/Downloads",
            "  sab data check all"
        })
final class DataCommand implements Runnable {

    private static final String FOLDER = "data";
    private static final String ALL = "all";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    DataCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which one? sab data list, get or check");
    }

    @Command(description = "Lists the known data sets: size, terms, where they come from, and what is there.")
    int list(
            @Option(names = "--data", paramLabel = "DIR", description = "The folder of data sets. Default: data.")
                    @Nullable
                    String data)
            throws IOException {
        Path root = Arguments.path(spec, data == null ? FOLDER : data);
        for (KnownData known : KnownData.ALL) {
            boolean right = Fetcher.problems(known, root).isEmpty();
            System.out.printf(Locale.ROOT, "%-8s %10s  %s%n", known.name(), known.size(), known.title());
            line("terms", known.licence());
            known.archives()
                    .forEach(archive -> line("from", archive.homes().getFirst().toString()));
            for (KnownFile file : known.files().toList()) {
                line(file.sum().kind(), file.sum().text() + "  " + file.path() + note(file.sum()));
            }
            line(
                    "here",
                    right
                            ? "yes, in " + root.resolve(known.name())
                            : Files.exists(root.resolve(known.name()))
                                    ? "not whole, or not as known: " + command("check", known, data)
                                    : "no: " + command("get", known, data));
        }
        return ExitCode.DONE;
    }

    private static String command(String what, KnownData known, @Nullable String data) {
        return data == null
                ? Shell.sab("data", what, known.name())
                : Shell.sab("data", what, known.name(), "--data", data);
    }

    private static String note(CheckSum sum) {
        return sum instanceof CheckSum.Crc32
                ? " (as published; not checked against the whole file by us, and it finds damage, no forgery)"
                : "";
    }

    private static void line(String name, String value) {
        System.out.printf(Locale.ROOT, "%19s  %s%n", name, value);
    }

    @Command(
            description = {
                "Gets a data set into its folder and verifies it.",
                "",
                "A download that was cut off is gone on with. No file has its name before it has been found right."
            })
    int get(
            @Parameters(
                            paramLabel = "NAME",
                            description = "mnist, cifar10, ptb, text8 or all.",
                            completionCandidates = Names.class)
                    String name,
            @Option(names = "--data", paramLabel = "DIR", description = "The folder of data sets. Default: data.")
                    @Nullable
                    String data,
            @Option(
                            names = "--from",
                            paramLabel = "DIR",
                            description = "Take the files, or the archives they come in, from this folder.")
                    @Nullable
                    String from)
            throws RunException, IOException {
        Path root = Arguments.path(spec, data == null ? FOLDER : data);
        Path source = from == null ? null : Arguments.path(spec, from);
        int code = ExitCode.DONE;
        for (KnownData known : named(name)) {
            try {
                new Fetcher(known, root, Network.DEFAULT, new Lines(root.resolve(known.name()))).get(source);
            } catch (DataException e) { // the others all the same
                Main.say(String.valueOf(e.getMessage()));
                code = ExitCode.FAILED;
            }
        }
        return code;
    }

    @Command(description = "Checks a data set's files against their sizes and sums.")
    int check(
            @Parameters(
                            paramLabel = "NAME",
                            description = "mnist, cifar10, ptb, text8 or all.",
                            completionCandidates = Names.class)
                    String name,
            @Option(names = "--data", paramLabel = "DIR", description = "The folder of data sets. Default: data.")
                    @Nullable
                    String data)
            throws IOException {
        Path root = Arguments.path(spec, data == null ? FOLDER : data);
        boolean wrong = false;
        for (KnownData known : named(name)) {
            List<String> problems = Fetcher.problems(known, root);
            if (!problems.isEmpty()) {
                Main.say(String.join("; ", problems) + ": " + Shell.sab("data", "get", known.name(), "--data", root)
                        + " fetches what is not right");
            }
            wrong |= !problems.isEmpty();
            if (problems.isEmpty()) {
                System.out.println(known.name() + ": all " + known.files().count() + " files are there and right");
            }
        }
        return wrong ? ExitCode.FAILED : ExitCode.DONE;
    }

    /** What may be asked for. */
    private static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            KnownData.ALL.forEach(known -> add(known.name()));
            add(ALL);
        }
    }

    /** Says what happens, with a line that is written over where there is a terminal. */
    private static final class Lines implements Fetcher.Listener {
        private final Path folder;
        private final Terminal terminal = new Terminal();

        Lines(Path folder) {
            this.folder = folder;
        }

        @Override
        public void present(KnownFile file) {
            System.out.println(folder.resolve(file.path()) + " is there already, and right");
        }

        @Override
        public void done(KnownFile file, String from) {
            terminal.clear();
            System.out.println(folder.resolve(file.path()) + " from " + from + ", "
                    + file.sum().kind() + " verified");
        }

        @Override
        public void progress(String name, long bytes) {
            if (Terminal.isLive()) {
                terminal.show(name + ": " + TextProgress.count(bytes >> 10) + " KiB");
            }
        }

        @Override
        public void note(String sentence) {
            terminal.clear();
            Main.say(sentence);
        }
    }

    private List<KnownData> named(String name) {
        List<KnownData> found = new ArrayList<>(KnownData.ALL);
        if (!name.equals(ALL)) {
            found.removeIf(known -> !known.name().equals(name));
        }
        if (found.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no data set '" + name + "': there are "
                            + String.join(
                                    ", ",
                                    KnownData.ALL.stream().map(KnownData::name).toList()) + ", or all");
        }
        return found;
    }
}
