package io.parley.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * An array parameter in PostgreSQL's binary format.
 *
 * <p>The driver writes arrays as text, and bytes inside them in hex: twice the size, and escaped on
 * one side only to be parsed on the other. The arrays of a batch are nearly all of its bytes.
 *
 * <pre>
 *   int32 dimensions = 1 | int32 has nulls | int32 oid of an element | int32 length | int32 lower bound = 1
 *   then per element:  int32 bytes, -1 for null | the bytes
 * </pre>
 */
public final class BinaryArray {

  private static final int HEADER_BYTES = 20;
  private static final int NULL_LENGTH = -1;

  private final ElementType type;
  private final int length;
  private final int bytes;
  private final Elements elements;

  private BinaryArray(ElementType type, int length, int bytes, Elements elements) {
    this.type = type;
    this.length = length;
    this.bytes = HEADER_BYTES + length * Integer.BYTES + bytes;
    this.elements = elements;
  }

  /** {@code integer[]}. */
  public static BinaryArray ofInts(int[] values) {
    return new BinaryArray(
        ElementType.INT4,
        values.length,
        values.length * Integer.BYTES,
        (out, i) -> out.writeInt(Integer.BYTES).writeInt(values[i]));
  }

  /** {@code integer[]} with nulls. */
  public static BinaryArray ofInts(@Nullable Integer[] values) {
    return new BinaryArray(
        ElementType.INT4,
        values.length,
        values.length * Integer.BYTES,
        (out, i) -> {
          Integer value = values[i];
          if (value == null) {
            out.writeInt(NULL_LENGTH);
          } else {
            out.writeInt(Integer.BYTES).writeInt(value);
          }
        });
  }

  /** {@code bigint[]}. */
  public static BinaryArray ofLongs(long[] values) {
    return new BinaryArray(
        ElementType.INT8,
        values.length,
        values.length * Long.BYTES,
        (out, i) -> out.writeInt(Long.BYTES).writeLong(values[i]));
  }

  /** {@code boolean[]}. */
  public static BinaryArray ofBooleans(boolean[] values) {
    return new BinaryArray(
        ElementType.BOOL,
        values.length,
        values.length,
        (out, i) -> out.writeInt(1).writeBoolean(values[i]));
  }

  /** {@code text[]}, in UTF-8. */
  public static BinaryArray ofTexts(@Nullable String[] values) {
    byte[] @Nullable [] encoded = new byte[values.length][];
    for (int i = 0; i < values.length; i++) {
      String value = values[i];
      encoded[i] = value == null ? null : value.getBytes(UTF_8);
    }
    return ofEncoded(ElementType.TEXT, encoded);
  }

  /** {@code bytea[]}; the bytes are not copied, and must not change. */
  public static BinaryArray ofBytes(byte[] @Nullable [] values) {
    return ofEncoded(ElementType.BYTEA, values);
  }

  private static BinaryArray ofEncoded(ElementType type, byte[] @Nullable [] values) {
    int bytes = 0;
    for (byte[] value : values) {
      bytes = Math.addExact(bytes, value == null ? 0 : value.length);
    }
    return new BinaryArray(
        type,
        values.length,
        bytes,
        (out, i) -> {
          byte[] value = values[i];
          if (value == null) {
            out.writeInt(NULL_LENGTH);
          } else {
            out.writeInt(value.length).writeBytes(value);
          }
        });
  }

  int arrayOid() {
    return type.arrayOid;
  }

  /** An upper bound of what {@link #writeTo} writes. */
  int bytes() {
    return bytes;
  }

  void writeTo(ByteBuf out) {
    // PostgreSQL takes 1 for "may have nulls", and looks at each length anyway.
    out.writeInt(1).writeInt(1).writeInt(type.oid).writeInt(length).writeInt(1);
    for (int i = 0; i < length; i++) {
      elements.write(out, i);
    }
  }

  /** The object ids are PostgreSQL's own, the same in every database. */
  private enum ElementType {
    BOOL(16, 1000),
    BYTEA(17, 1001),
    INT8(20, 1016),
    INT4(23, 1007),
    TEXT(25, 1009);

    private final int oid;
    private final int arrayOid;

    ElementType(int oid, int arrayOid) {
      this.oid = oid;
      this.arrayOid = arrayOid;
    }
  }

  @FunctionalInterface
  private interface Elements {
    void write(ByteBuf out, int index);
  }
}
