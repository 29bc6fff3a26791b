package org.sab4j.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table of texts, for a terminal or as Markdown.
 *
 * @param head the columns' names
 * @param left how many columns from the first on are set flush left; the others are set flush right
 * @param rows the cells
 */
record TextTable(List<String> head, int left, List<List<String>> rows) {

    /** In columns, under a line. */
    String text() {
        List<List<String>> all = new ArrayList<>(rows);
        all.addFirst(head);
        List<Integer> widths = IntStream.range(0, head.size())
                .mapToObj(column -> all.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toList();
        int width = widths.stream().mapToInt(Integer::intValue).sum() + 2 * (head.size() - 1);
        StringBuilder text = new StringBuilder();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String gap = " ".repeat(widths.get(column) - row.get(column).length());
                line.append(column == 0 ? "" : "  ");
                line.append(column < left ? row.get(column) + gap : gap + row.get(column));
            }
            text.append(
                            text.isEmpty()
                                    ? line + "\n" + "-".repeat(width)
                                    : line.toString().stripTrailing())
                    .append('\n');
        }
        return text.toString();
    }

    /** As GitHub reads it. */
    String markdown() {
        StringBuilder text = new StringBuilder(line(head));
        text.append("|");
        for (int column = 0; column < head.size(); column++) {
            text.append(column < left ? "---|" : "--:|");
        }
        text.append('\n');
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(List<String> cells) {
        return "| "
                + String.join(
                        " | ",
                        cells.stream().map(cell -> cell.replace("|", "\\|")).toList()) + " |\n";
    }
}
