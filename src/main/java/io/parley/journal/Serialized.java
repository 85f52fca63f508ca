package io.parley.journal;

import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;

/**
 * A value as Pekko's serialization writes it.
 *
 * @param bytes not copied, and not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared: bytes on their way.
record Serialized(int serializerId, String manifest, byte[] bytes) {

  /** Throws what the serializer throws, or that there is none for the class of {@code value}. */
  static Serialized of(Object value, Serialization serialization) {
    Serializer serializer = serialization.findSerializerFor(value);
    return new Serialized(
        serializer.identifier(),
        Serializers.manifestFor(serializer, value),
        // Through the extension, not the serializer: it provides the transport information.
        serialization.serialize(value).get());
  }

  Object value(Serialization serialization) {
    return serialization.deserialize(bytes, serializerId, manifest).get();
  }
}
