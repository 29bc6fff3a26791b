package org.sab4j.table;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sab4j.checkpoint.FormatException;
import org.sab4j.checkpoint.Safetensors;
import org.sab4j.checkpoint.TensorData;
import org.sab4j.memory.WritePolicy;
import org.sab4j.model.OnlineState;
import org.sab4j.model.OnlineStates;
import org.sab4j.model.SequenceModel;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** A stream's sequences in a file, that without a row for the longest time first. */
final class StreamFile {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SEQUENCES = "sequences";

    private StreamFile() {}

    /** The tensors of the sequences. */
    static SequencedMap<String, TensorData> tensors(SequenceModel model, Map<String, StreamedSequence> sequences) {
        ArrayNode list = JSON.createArrayNode();
        List<OnlineState> states = new ArrayList<>();
        sequences.forEach((name, sequence) -> {
            BigDecimal order = sequence.order();
            list.addObject()
                    .put("name", name)
                    .put("steps", sequence.steps())
                    .put("order", order == null ? null : order.toString())
                    .put("states", sequence.states().size());
            states.addAll(sequence.states());
        });
        SequencedMap<String, TensorData> tensors = OnlineStates.tensors(model, states);
        byte[] names = JSON.writeValueAsBytes(list);
        tensors.put(SEQUENCES, TensorData.of(names, names.length)); // metadata has no room for very many
        return tensors;
    }

    /** The sequences of a file, in its order. */
    static SequencedMap<String, StreamedSequence> read(
            Safetensors file, SequenceModel model, WritePolicy policy, Windows windows) throws FormatException {
        List<OnlineState> states = OnlineStates.read(model, policy, file);
        Iterator<OnlineState> next = states.iterator();
        SequencedMap<String, StreamedSequence> sequences = new LinkedHashMap<>();
        try {
            JsonNode list =
                    JSON.readTree(file.bytes(SEQUENCES, file.tensor(SEQUENCES).size()));
            if (list.valueStream()
                            .mapToInt(node -> node.get("states").intValue())
                            .sum()
                    != states.size()) {
                throw damaged(file);
            }
            for (JsonNode node : list) {
                @Nullable JsonNode order = node.get("order");
                sequences.put(
                        node.get("name").stringValue(),
                        new StreamedSequence(
                                model,
                                policy,
                                windows,
                                next.next(),
                                node.get("states").intValue() == 2 ? next.next() : null,
                                node.get("steps").longValue(),
                                order == null || order.isNull() ? null : new BigDecimal(order.stringValue())));
            }
            return sequences;
        } catch (JacksonException | NumberFormatException | NullPointerException | java.util.NoSuchElementException e) {
            throw damaged(file);
        }
    }

    private static FormatException damaged(Safetensors file) {
        return new FormatException(file.file(), "does not say which sequences it holds: begin with another file");
    }
}
