package org.sab4j.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sab4j.report.RunView;
import org.sab4j.run.RunException;
import org.sab4j.run.RunRecord;

/**
 * The runs that are served: one, or those in a folder as it is now. They are asked for by name, and a name is looked up among those
 * that are there: nothing that a request says becomes part of a path.
 */
final class Runs {

    private static final int MOST_VIEWS = 64; // that are kept open

    private final Path root;
    private final Map<Path, RunView> views = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, RunView> eldest) {
            return size() > MOST_VIEWS;
        }
    };

    /** The run in a folder, or the runs in it. */
    Runs(Path root) {
        this.root = root;
    }

    /** The runs by name, in order. */
    SequencedMap<String, Path> list() {
        SequencedMap<String, Path> runs = new LinkedHashMap<>();
        if (RunRecord.isRun(root)) {
            runs.put(name(root), root);
            return runs;
        }
        try (Stream<Path> entries = Files.list(root)) {
            entries.filter(RunRecord::isRun).sorted().forEach(path -> runs.put(name(path), path));
        } catch (IOException e) {
            // A folder that is gone has no runs; it may come back.
        }
        return runs;
    }

    private static String name(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? path.toString() : name.toString();
    }

    /** The views of some runs, brought up to date; a name that is none, or a run that cannot be read, is left out. */
    List<RunView> views(Collection<String> names) {
        SequencedMap<String, Path> there = list();
        List<RunView> found = new ArrayList<>();
        for (String name : names) {
            Path path = there.get(name);
            RunView view = path == null ? null : view(path);
            if (view != null) {
                found.add(view);
            }
        }
        return found;
    }

    private synchronized @Nullable RunView view(Path path) {
        try {
            RunView view = views.get(path);
            if (view == null) {
                view = RunView.read(path);
                views.put(path, view);
            } else {
                view.update();
            }
            return view;
        } catch (RunException e) {
            views.remove(path); // half made, or half gone
            return null;
        }
    }
}
