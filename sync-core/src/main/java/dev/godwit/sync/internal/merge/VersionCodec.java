package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.sync.change.Value;

/**
 * Versions that merge states hold, as bytes of the local state: dot, time, derived 0/1, value.
 * Merge columns are no references.
 */
final class VersionCodec {
  private VersionCodec() {}

  static void write(EncodingWriter out, Version version) {
    out.writeDot(version.dot()).writeUnsigned(version.time().packed());
    out.writeByte(version.derived() ? 1 : 0).writeBytes(version.value().canonicalBytes());
  }

  static Version read(EncodingReader in) {
    Dot dot = in.readDot();
    HybridTimestamp time = new HybridTimestamp(in.readUnsigned(Long.MAX_VALUE));
    boolean derived = in.readByte() == 1;
    Value value = Value.ofCanonical(in.readBytes());
    return new Version(dot, time, derived, value, null, false);
  }
}
