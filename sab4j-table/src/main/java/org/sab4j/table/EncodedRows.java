package org.sab4j.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.sab4j.table.TableEncoding.OrderKind;

/**
 * The rows of a table as a trained model reads them.
 *
 * @param rows in the scratch database
 * @param size how many there are
 * @param encoding the model's
 * @param order how the values of its order compare
 * @param readers how each feature is read
 */
record EncodedRows(Rows rows, long size, TableEncoding encoding, OrderKind order, List<FeatureReader> readers) {

    /**
     * Loads and checks them.
     *
     * @param compared whether there must be a target, too
     */
    static EncodedRows load(Engine engine, TableFile file, TableEncoding encoding, boolean compared)
            throws IOException {
        Selection selection = Selection.of(file, file.columns(engine), encoding);
        if (compared && selection.target() == null) {
            throw new TableException(
                    file.path(),
                    "has no column " + TableException.quoted(encoding.target()) + ", the target, to compare with");
        }
        Rows rows = Rows.load(engine, file, selection, encoding.missing());
        Contents contents = Contents.of(rows, false);
        OrderKind order = contents.checkKeys();
        List<FeatureReader> readers = new ArrayList<>();
        for (Feature feature : encoding.features()) {
            FeatureReader reader = FeatureReader.of(feature);
            contents.checkFeature(readers.size(), reader.kind());
            readers.add(reader);
        }
        if (compared && encoding.classes() == null) {
            contents.checkNumericTarget(encoding.goal());
        }
        return new EncodedRows(rows, contents.size(), encoding, order, List.copyOf(readers));
    }

    /** All of them, sequence by sequence, each in its order. */
    SortedRows sorted() throws IOException {
        return rows.sorted(readers, encoding.classes(), order);
    }
}
