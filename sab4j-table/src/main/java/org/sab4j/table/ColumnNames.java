package org.sab4j.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names of columns in a file of predictions, in which names that only case tells apart are the same. */
final class ColumnNames {

    private ColumnNames() {}

    /** A name for each that is wanted: that itself, or where an earlier one has it with a number that makes it none of the others. */
    static List<String> distinct(List<String> wanted) {
        Set<String> taken = new HashSet<>();
        wanted.forEach(name -> taken.add(folded(name)));
        Set<String> given = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (String name : wanted) {
            if (given.add(folded(name))) {
                names.add(name);
                continue;
            }
            int number = 2;
            while (!taken.add(folded(name + "_" + number))) {
                number++;
            }
            names.add(name + "_" + number);
        }
        return names;
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
