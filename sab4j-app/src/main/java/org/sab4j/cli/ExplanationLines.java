package org.sab4j.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.report.Explanation;

/** An explanation as JSON lines: {@code sequence}, {@code step} for each step, {@code credit} for each output followed. */
final class ExplanationLines {

    private ExplanationLines() {}

    static List<Map<String, @Nullable Object>> of(Explanation explanation) {
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        for (Explanation.Sequence sequence : explanation.sequences()) {
            SequencedMap<String, @Nullable Object> head = line("sequence", sequence);
            head.put("steps", sequence.steps());
            head.put("update", explanation.update());
            head.put("kTrunc", explanation.kTrunc());
            head.put("kAtt", explanation.kAtt());
            head.put("mentalUpdates", explanation.mentalUpdates());
            head.put("directCredit", explanation.directCredit());
            lines.add(head);
            for (int step = 1; step <= sequence.steps(); step++) {
                lines.add(step(explanation, sequence, step));
            }
            for (Explanation.Credit credit : sequence.credits()) {
                SequencedMap<String, @Nullable Object> line = line("credit", sequence);
                line.put("output", credit.output());
                line.put("size", credit.size());
                line.put("credit", byStep(credit.with()));
                line.put("withoutMentalUpdates", byStep(credit.without()));
                lines.add(line);
            }
        }
        return lines;
    }

    private static SequencedMap<String, @Nullable Object> line(String kind, Explanation.Sequence sequence) {
        SequencedMap<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("kind", kind);
        line.put("sequence", sequence.name());
        return line;
    }

    private static Map<String, @Nullable Object> step(
            Explanation explanation, Explanation.Sequence sequence, int step) {
        SequencedMap<String, @Nullable Object> line = line("step", sequence);
        line.put("step", step);
        if (sequence.symbols().isEmpty()) {
            line.put("input", sequence.values().get(step - 1));
        } else {
            int symbol = sequence.symbols().get(step - 1);
            line.put("input", symbol);
            line.put("symbol", explanation.look().symbol(symbol));
        }
        List<Explanation.Share> reminders = sequence.reminders().get(step - 1);
        line.put("reminders", byStep(reminders));
        explanation.nothing(reminders).ifPresent(share -> line.put("nothing", (float) share));
        explanation.others(reminders).ifPresent(share -> line.put("others", (float) share));
        sequence.outputs().stream()
                .filter(output -> output.step() == step)
                .findFirst()
                .ifPresent(output -> {
                    line.put("target", output.target());
                    line.put("said", output.said());
                    if (output.probability() != null) {
                        line.put("probability", output.probability());
                    }
                });
        return line;
    }

    private static SequencedMap<String, Float> byStep(List<Explanation.Share> shares) {
        SequencedMap<String, Float> byStep = new LinkedHashMap<>();
        shares.forEach(share -> byStep.put(String.valueOf(share.step()), share.share()));
        return byStep;
    }
}
