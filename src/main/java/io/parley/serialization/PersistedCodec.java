package io.parley.serialization;

/**
 * How one type is persisted: a manifest names the form, the bytes hold the content. Pure and safe
 * for threads. A form that was ever written stays readable; a changed one gets a new manifest.
 */
public interface PersistedCodec<T> {

  /** The form in which this value would be written now. */
  String manifest(T value);

  /** The content, in the form that {@link #manifest} names. */
  byte[] toBytes(T value);

  /**
   * Reads what was written in this form, now or ever.
   *
   * @throws PersistedFormatException when the form is unknown, or the bytes aren't of that form
   */
  T fromBytes(String manifest, byte[] bytes);
}
