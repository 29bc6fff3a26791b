package org.sab4j.checkpoint;

import org.jspecify.annotations.Nullable;

/** The element types of the format that are read; the names are those in the header. */
enum ElementType {
    F64(8),
    I64(8),
    F32(4),
    I32(4),
    F16(2),
    BF16(2),
    U8(1);

    /** Bytes an element. */
    final int width;

    ElementType(int width) {
        this.width = width;
    }

    /** The type of that name, or null if there is none here. */
    static @Nullable ElementType named(String name) {
        for (ElementType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** The type as which the tensor is written. */
    static ElementType of(TensorData tensor) {
        return switch (tensor) {
            case TensorData.Floats _ -> F32;
            case TensorData.Doubles _ -> F64;
            case TensorData.Longs _ -> I64;
            case TensorData.Ints _ -> I32;
            case TensorData.Bytes _ -> U8;
        };
    }
}
