package io.parley.database;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.r2dbc.postgresql.client.EncodedParameter;
import io.r2dbc.postgresql.codec.Codec;
import io.r2dbc.postgresql.message.Format;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Sends a {@link BinaryArray}; reads nothing. */
final class BinaryArrayCodec implements Codec<BinaryArray> {

  private final ByteBufAllocator allocator;

  BinaryArrayCodec(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  @Override
  public boolean canDecode(int dataType, Format format, Class<?> type) {
    return false;
  }

  @Override
  public boolean canEncode(Object value) {
    return value instanceof BinaryArray;
  }

  @Override
  public boolean canEncodeNull(Class<?> type) {
    return false;
  }

  @Override
  public @Nullable BinaryArray decode(
      @Nullable ByteBuf buffer, int dataType, Format format, Class<? extends BinaryArray> type) {
    throw new UnsupportedOperationException("A binary array is only sent");
  }

  @Override
  public EncodedParameter encode(Object value) {
    BinaryArray array = (BinaryArray) value;
    return encode(array, array.arrayOid());
  }

  @Override
  public EncodedParameter encode(Object value, int dataType) {
    BinaryArray array = (BinaryArray) value;
    return new EncodedParameter(
        Format.FORMAT_BINARY,
        dataType,
        // Only when it is sent: a parameter that is never sent would never be released.
        Mono.fromSupplier(
            () -> {
              ByteBuf buffer = allocator.buffer(array.bytes());
              array.writeTo(buffer);
              return buffer;
            }));
  }

  @Override
  public EncodedParameter encodeNull() {
    throw new UnsupportedOperationException("A binary array is never null");
  }
}
