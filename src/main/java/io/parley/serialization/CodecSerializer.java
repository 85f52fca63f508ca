package io.parley.serialization;

import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Lends a codec to Pekko. A subclass has a constructor without arguments (Pekko makes it by the
 * name in {@code pekko.actor.serializers}) and an identifier of its own, which is stored with every
 * row and never changes. Pekko reserves 0 to 40; ours are 71,001 and up.
 */
public abstract class CodecSerializer<T> extends SerializerWithStringManifest {
  private final int identifier;
  private final Class<T> type;
  private final PersistedCodec<T> codec;

  protected CodecSerializer(int identifier, Class<T> type, PersistedCodec<T> codec) {
    this.identifier = identifier;
    this.type = type;
    this.codec = codec;
  }

  @Override
  public final int identifier() {
    return identifier;
  }

  @Override
  public final String manifest(Object value) {
    return codec.manifest(type.cast(value));
  }

  @Override
  public final byte[] toBinary(Object value) {
    return codec.toBytes(type.cast(value));
  }

  @Override
  public final Object fromBinary(byte[] bytes, String manifest) {
    return codec.fromBytes(manifest, bytes);
  }
}
