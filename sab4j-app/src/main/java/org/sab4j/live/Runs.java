package org.sab4j.live;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sab4j.report.RunView;
import org.sab4j.run.RunException;
import org.sab4j.run.RunRecord;

/**
 * The runs that are served: one, or those in a folder, and in the sweeps in it, as it is now. They are asked for by name, and a name is
 * looked up among those that are there: nothing that a request says becomes part of a path.
 */
final class Runs {

    private static final int MOST_VIEWS = 64; // that are kept open

    private final Path root;
    private final Map<Path, Kept> views = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Kept> eldest) {
            return size() > MOST_VIEWS;
        }
    };

    /** The view of one run, brought up to date by one request at a time; other runs do not wait for it. */
    private static final class Kept {

        private @Nullable RunView view;

        /** The view as it is now: a new one if the folder holds another run, or other settings. */
        synchronized RunView current(String name, Path path) throws RunException {
            RunView now = view;
            if (now == null || now.isOutdated()) {
                now = RunView.read(name, path);
                view = now;
            } else {
                now.update();
            }
            return now;
        }
    }

    /** The run in a folder, or the runs in it. */
    Runs(Path root) {
        this.root = root;
    }

    /** The runs by name, in order. */
    SequencedMap<String, Path> list() {
        try {
            return RunRecord.runs(root);
        } catch (RunException e) {
            return new LinkedHashMap<>(); // a folder that is gone has no runs; it may come back
        }
    }

    /**
     * The views of some runs, brought up to date; a name that is none, or a run that cannot be read, is left out.
     *
     * @param trouble is told why a run cannot be read
     */
    List<RunView> views(Collection<String> names, Consumer<String> trouble) {
        SequencedMap<String, Path> there = list();
        List<RunView> found = new ArrayList<>();
        for (String name : names) {
            Path path = there.get(name);
            RunView view = path == null ? null : view(name, path, trouble);
            if (view != null) {
                found.add(view);
            }
        }
        return found;
    }

    private @Nullable RunView view(String name, Path path, Consumer<String> trouble) {
        Kept kept;
        synchronized (views) {
            kept = views.computeIfAbsent(path, key -> new Kept());
        }
        try {
            return kept.current(name, path);
        } catch (RunException e) {
            synchronized (views) {
                views.remove(path, kept); // half made, half gone, or damaged
            }
            trouble.accept(String.valueOf(e.getMessage()));
            return null;
        }
    }
}
