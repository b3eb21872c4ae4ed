package dev.godwit.sync.wire;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;

/**
 * The body of a sealed transaction, before compression: one CBOR item (RFC 8949).
 *
 * <pre>
 * body    = [version = 1, dependencies, policy version, device name / null, time, changes]     (indefinite length)
 * dependencies = [full = true/false, [replica (16 bytes), sequence, hash (8 bytes) / null] *]
 *           full: the whole vector; otherwise only what differs from the predecessor's
 * time    = the latest timestamp of the transaction, packed
 * changes = [change *]                                                                          (indefinite length)
 * change  = [shape, kind, time behind the transaction's, [key value +], [value *], [before *], extras]
 *           the last two are left out from the end when empty
 * shape   = number of a shape of this body, from 0, or, where it is first used, its definition:
 *           [table, [[key column, collation, [parent table, parent collation] / null] +], [column *]]
 * kind    = 0 insert, 1 update, 2 delete, 3 resolution, 4 derived
 * value   = null / integer / float64 / text / bytes / [bytes]: a TEXT that is not UTF-8
 * before  = value / [length in bytes, hash (16 bytes)]
 * extras  = {"life": bytes (16) / birth number, "from": [key value +], "refs": {position: bytes (16) / null: bare}, "unseen": [dot *],
 *            "based": [dot *], "claims": [dot *], "witness": {column: value}, "merge": {position: bytes},
 *            "origins": {position: bytes (16)}, "settled": {column / "": [dot *]}}
 *           without "life" the life is that of the row born under the key ("from", where the key changed);
 *           birth number: the surrogate life of that number among those born in this transaction, from 0
 *           origins: what the parent column of a tree referred to before the write
 *           settled: by column, "" for the whole row, the versions that conflicted where the change was made, and of
 *           which it takes the place
 *           merge: what a write to a merge column means besides its value, drawn in MergeOperation
 * dot     = [replica (16 bytes), sequence]
 * </pre>
 *
 * Elements behind the known ones of an array, and unknown names in {@code extras}, are skipped; the
 * envelope keeps them as they came. Changes are read and written one at a time, so that memory does
 * not grow with the transaction.
 */
final class TransactionBody {
  /** The version of the body that is written. Others are refused with the list of known ones. */
  static final int VERSION = 1;

  /**
   * The longest value that is read: SQLite's own default limit for a text or blob is 1,000,000,000.
   */
  static final int VALUE_SIZE_BYTES_MAX = 1_000_000_000;

  /** No part of a body nests deeper than seven arrays; a little room for additions. */
  static final int NESTING_MAX = 16;

  /** SQLite's own hard limit of columns in a table. */
  static final int COLUMNS_MAX = 32_767;

  /** Shapes that one transaction may define: tables times distinct sets of updated columns. */
  static final int SHAPES_MAX = 100_000;

  static final String LIFE = "life";
  static final String FROM = "from";
  static final String REFERENCES = "refs";
  static final String UNSEEN = "unseen";
  static final String BASED_ON = "based";
  static final String CLAIMS = "claims";
  static final String WITNESS = "witness";
  static final String MERGE = "merge";
  static final String ORIGINS = "origins";
  static final String SETTLED = "settled";

  static final CBORFactory FACTORY =
      CBORFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(NESTING_MAX)
                  .maxStringLength(VALUE_SIZE_BYTES_MAX)
                  .build())
          .enable(CBORGenerator.Feature.WRITE_MINIMAL_INTS)
          .build();

  private TransactionBody() {}
}
