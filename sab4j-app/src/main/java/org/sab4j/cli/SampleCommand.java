package org.sab4j.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sab4j.data.DataException;
import org.sab4j.data.text.Sampler;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.memory.Keep;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.ModelConfig;
import org.sab4j.random.RandomStream;
import org.sab4j.run.CharsOptions;
import org.sab4j.run.Limits;
import org.sab4j.run.RunException;
import org.sab4j.run.Settings;
import org.sab4j.run.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sab sample}. */
@Command(
        name = "sample",
        description = "Writes text with the best model of a run on characters, each character as soon as it is there.",
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  sab sample runs/chars --prompt 'The meaning of ' --temperature 0.7")
final class SampleCommand implements Callable<Integer> {

    private static final long MOST_CHARACTERS = 1_000_000_000_000L;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "The run's folder, or a model.safetensors.")
    private String run = "";

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "What the text begins with. Default: nothing, as after a new line (or a space).")
    private String prompt = "";

    @Option(names = "--characters", paramLabel = "N", description = "How many to write. Default: ${DEFAULT-VALUE}.")
    private long characters = 1000;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            description =
                    "Below 1 what is likely gets likelier; 0 takes the likeliest each time. Default: ${DEFAULT-VALUE}.")
    private double temperature = 1;

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "After how many characters the model begins anew, with the latest half of them; 0 is never."
                    + " Default: those of a training sequence; with --carry 0.")
    private @Nullable Integer context;

    @Option(
            names = "--window",
            paramLabel = "N",
            description =
                    "The most memories kept, the latest, or all. Default: as in training, those of a sequence (with"
                            + " --carry of two), or as the model's --keep says.")
    private @Nullable String window;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where random numbers come from. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    SampleCommand() {}

    @Override
    public Integer call() throws RunException, IOException {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw wrong("--temperature must be a number of at least 0: " + temperature);
        } else if (characters < 0 || characters > MOST_CHARACTERS) {
            throw wrong("--characters must be from 0 to " + TextProgress.count(MOST_CHARACTERS) + ": " + characters);
        } else if (context != null && (context < 0 || context == 1)) {
            throw wrong("--context must be 0 or at least 2: " + context);
        }
        TrainedModel trained = TrainedModel.read(Arguments.path(spec, run), KernelProviders.kernels());
        if (!(trained.options() instanceof CharsOptions chars)) {
            throw new RunException(trained.file() + " was trained on " + Settings.text(trained.task())
                    + ": only a model of the task chars can write text");
        }
        try (Interrupts interrupts = Interrupts.quiet()) {
            Sampler sampler = new Sampler(
                    trained.model(),
                    trained.alphabet(chars),
                    policy(trained.model().config(), chars),
                    context(chars),
                    temperature,
                    RandomStream.of(seed, "sample"));
            String beginning = chars.typed(prompt);
            sampler.read(beginning.isEmpty() ? chars.beginning(trained.facts()) : beginning);
            System.out.print(beginning);
            for (long i = 0; i < characters && !interrupts.requested(); i++) {
                System.out.print(Character.toString(sampler.next()));
                if (System.out.checkError()) { // flushes, and tells whether anybody still reads
                    return ExitCode.DONE;
                }
            }
            System.out.println();
            return interrupts.requested() ? ExitCode.SIGNALLED + interrupts.signal() : ExitCode.DONE;
        } catch (DataException e) {
            throw new RunException(String.valueOf(e.getMessage()));
        } catch (ArithmeticException e) {
            throw RunException.notFinite(trained.file() + ": what the model says");
        }
    }

    private WritePolicy policy(ModelConfig config, CharsOptions chars) {
        if (window == null && config.keep() != Keep.ALL) {
            return config.writePolicy();
        } else if (window == null) {
            int most = chars.length() / config.kAtt() * (chars.carry() ? 2 : 1);
            return new WritePolicy.Latest(config.kAtt(), Math.max(1, most));
        } else if (window.equals("all")) {
            return new WritePolicy.EveryKAtt(config.kAtt());
        } else if (window.matches("[0-9]{1,8}")) {
            int memories = Integer.parseInt(window);
            if (memories >= 1 && memories <= Limits.MEMORIES) {
                return new WritePolicy.Latest(config.kAtt(), memories);
            }
        }
        throw wrong("--window must be all or a whole number from 1 to " + TextProgress.count(Limits.MEMORIES) + ": '"
                + window + "'");
    }

    /** A model that carries on from sequence to sequence needs no new beginning. */
    private int context(CharsOptions chars) {
        if (context != null) {
            return context;
        }
        return chars.carry() ? 0 : Math.max(2, chars.length());
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
