package dev.godwit.crdt.encoding;

/**
 * How values of one type are written, so that equal values have equal bytes.
 *
 * @param <T> the values; they must have equals and hashCode
 */
public interface ValueCodec<T> {
  /** Texts in UTF-8; they must be valid Unicode. */
  ValueCodec<String> TEXT =
      new ValueCodec<>() {
        @Override
        public void write(EncodingWriter out, String value) {
          out.writeText(value);
        }

        @Override
        public String read(EncodingReader in) {
          return in.readText();
        }
      };

  /** Whole numbers of 64 bits. */
  ValueCodec<Long> NUMBER =
      new ValueCodec<>() {
        @Override
        public void write(EncodingWriter out, Long value) {
          out.writeSigned(value);
        }

        @Override
        public Long read(EncodingReader in) {
          return in.readSigned();
        }
      };

  /** Appends the value. */
  void write(EncodingWriter out, T value);

  /**
   * Reads a value.
   *
   * @throws MalformedEncodingException when there is none
   */
  T read(EncodingReader in);

  /** The bytes of one value. */
  default byte[] bytesOf(T value) {
    EncodingWriter out = new EncodingWriter();
    write(out, value);
    return out.toBytes();
  }
}
