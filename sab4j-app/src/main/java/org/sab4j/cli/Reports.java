package org.sab4j.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sab4j.kernels.KernelProviders;
import org.sab4j.report.Report;
import org.sab4j.report.RunView;
import org.sab4j.run.OpenTask;
import org.sab4j.run.RunException;
import org.sab4j.run.RunFolder;
import org.sab4j.tensorboard.TensorBoard;

/** Reports of runs, with reminders where there is a model. */
final class Reports {

    /** Unseen sequences whose reminders a report shows. */
    private static final int SEQUENCES = 3;

    private Reports() {}

    /**
     * A run with its reminders; a model that can't be explained is told of and left out.
     *
     * @param opened what it is trained on; null if that is not open
     */
    static RunView explained(RunView view, @Nullable OpenTask opened) {
        try {
            if (opened == null) {
                view.explain(SEQUENCES, KernelProviders.kernels());
            } else {
                view.explain(SEQUENCES, KernelProviders.kernels(), opened);
            }
        } catch (RunException e) {
            Main.say("the report has no reminders of " + view.run().folder().path() + ": " + e.getMessage());
        }
        return view;
    }

    /**
     * The report of a run that has just ended. One that can't be written is no reason to call a whole training failed.
     *
     * @param opened what it is trained on; null if that is not open
     * @param tensorBoard whether TensorBoard's file is wanted, too
     */
    static void end(Path folder, @Nullable OpenTask opened, boolean tensorBoard) {
        try {
            RunView view = explained(RunView.read(folder), opened);
            Report.write(new RunFolder(folder).report(), List.of(view));
            if (tensorBoard) {
                TensorBoard.write(folder, view);
            }
        } catch (RunException | RuntimeException | Error e) { // of memory, say, or of the system's pictures
            Main.say("there is no report of " + folder + ": " + Main.told(e));
        }
    }
}
