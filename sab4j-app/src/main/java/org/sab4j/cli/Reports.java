package org.sab4j.cli;

import java.nio.file.Path;
import java.util.List;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.report.Report;
import org.sab4j.report.RunView;
import org.sab4j.run.RunException;
import org.sab4j.run.RunFolder;
import org.sab4j.tensorboard.TensorBoard;

/** Reports of runs, with reminders where there is a model. */
final class Reports {

    /** Unseen sequences whose reminders a report shows. */
    private static final int SEQUENCES = 3;

    private Reports() {}

    /** A run with its reminders; a model that can't be explained is told of and left out. */
    static RunView explained(RunView view) {
        try {
            view.explain(SEQUENCES, KernelProviders.kernels());
        } catch (RunException e) {
            Main.say("the report has no reminders of " + view.run().folder().path() + ": " + e.getMessage());
        }
        return view;
    }

    /**
     * The report of a run that has just ended. One that can't be written is no reason to call a whole training failed.
     *
     * @param tensorBoard whether TensorBoard's file is wanted, too
     */
    static void end(Path folder, boolean tensorBoard) {
        try {
            RunView view = explained(RunView.read(folder));
            Report.write(new RunFolder(folder).report(), List.of(view));
            if (tensorBoard) {
                TensorBoard.write(folder, view);
            }
        } catch (RunException | RuntimeException | Error e) { // of memory, say, or of the system's pictures
            Main.say("there is no report of " + folder + ": " + Main.sentence(e));
        }
    }
}
