package dev.godwit.sync.internal.seal;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.NetEffect;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Boundaries;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.KeyCodec;
import dev.godwit.sync.internal.state.RowState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes row changes of net effects: which life, which columns, what references mean; seals them and
 * joins them.
 */
final class ChangeMaker {
  private final LocalMerge merge;
  private final Sealing sealing;
  private final Boundaries.Boundary boundary;
  private final HybridTimestamp latest;
  private final HybridTimestamp time;
  private final BasedOn basedOn;
  private final FormWrites forms;
  private final List<NetEffect> waiting = new ArrayList<>();
  private final List<Found> gone = new ArrayList<>();
  private final Map<Place, Taken> taken = new LinkedHashMap<>();
  private final Map<List<String>, RowShape> shapes = new HashMap<>();
  private TrackedTable table;
  private List<TrackedTable.Reference> referencesByValue;
  private boolean wholeTable;
  private int births;

  /**
   * An effect with the life that it is about, and for a row that is reborn or new the life that it
   * bears.
   */
  private record Found(NetEffect effect, LifeId life, LifeId born, int birthNumber) {
    boolean goes() {
      return effect.to() == null;
    }

    boolean moves() {
      return life != null && !goes() && !effect.to().equals(effect.from());
    }
  }

  /**
   * A key that another row has come to stand under in the transaction in which the row that stood
   * there went, or other values by which others refer to a row, and which another one has taken
   * over. Whoever refers to the key refers to the other row from then on, as SQLite has it.
   *
   * @param referred the columns of these values, none for the key of the table
   */
  record Taken(
      TrackedTable table, List<KeyColumn> referred, RowKey key, LifeId gone, long timeMillis) {
    /** Whether a reference to the table is to the columns of these values. */
    boolean isBy(TrackedTable.Reference reference) {
      return referred.equals(reference.referred());
    }
  }

  /** Values by which others refer to rows of a table, whatever their spelling. */
  private record Place(int table, List<KeyColumn> referred, ByteBuffer key) {
    static Place of(TrackedTable table, List<KeyColumn> referred, RowKey key) {
      List<KeyColumn> columns = referred.isEmpty() ? table.keyColumns() : referred;
      return new Place(table.number(), referred, ByteBuffer.wrap(KeyCodec.encode(key, columns)));
    }
  }

  ChangeMaker(
      LocalMerge merge,
      Sealing sealing,
      Boundaries.Boundary boundary,
      HybridTimestamp latest,
      HybridTimestamp time,
      BasedOn basedOn,
      FormWrites forms) {
    this.basedOn = basedOn;
    this.forms = forms;
    this.merge = merge;
    this.sealing = sealing;
    this.boundary = boundary;
    this.latest = latest;
    this.time = time;
    merge.beginOwn();
  }

  /**
   * Goes on with this table.
   *
   * @param whole whether rows may refer to other rows of the same transaction, so that all must be
   *     known first
   */
  void begin(TrackedTable next, boolean whole) {
    table = next;
    wholeTable = whole;
    referencesByValue = merge.referencesByValue(next);
    shapes.clear();
  }

  void add(NetEffect effect) {
    waiting.add(effect);
    if (!wholeTable && waiting.size() >= LocalMerge.CHANGES_A_FLUSH) {
      work();
    }
  }

  /**
   * Takes a row that refers to such a key. One that the transaction has written itself says already
   * what it refers to.
   *
   * @param row as the transaction leaves it
   */
  void addReferring(Taken parent, RowKey key, Value[] row) {
    LifeId life = merge.shownAt(table, key);
    boolean untouched =
        life != null
            && life.equals(merge.showedAt(table, key))
            && !merge.row(table, life).state().isWrittenBy(sealing.dot());
    if (untouched) {
      add(new NetEffect(key, key, row, row, false, parent.timeMillis()));
    }
  }

  /** The keys taken so far of tables that others refer to. */
  Collection<Taken> taken() {
    return taken.values();
  }

  /** Ends a table. */
  void end() {
    work();
  }

  /** Ends the transaction. */
  void finish() {
    merge.endOwn();
  }

  private void work() {
    if (waiting.isEmpty()) {
      return;
    }
    preload();
    List<Found> found = new ArrayList<>(waiting.size());
    for (NetEffect effect : waiting) {
      LifeId life = effect.from() == null ? null : merge.showedAt(table, effect.from());
      found.add(new Found(effect, life, null, RowExtras.NOT_NUMBERED));
    }
    found.stream().filter(Found::goes).forEach(this::change);
    found.removeIf(Found::goes);
    found.stream().filter(Found::moves).forEach(this::move);
    found.replaceAll(this::withBirth);
    gone.forEach(this::noteIfTaken);
    gone.forEach(this::noteIfValuesTaken);
    gone.clear();
    found.forEach(this::noteIfValuesTaken);
    found.forEach(this::change);
    waiting.clear();
    merge.flush();
  }

  private void preload() {
    if (table.keyRefers()) {
      return;
    }
    Set<LifeId> lives = new HashSet<>();
    for (NetEffect effect : waiting) {
      if (effect.from() != null) {
        lives.add(table.birthLife(effect.from(), RowExtras.NONE));
      }
      if (effect.to() != null && !effect.to().equals(effect.from())) {
        lives.add(table.birthLife(effect.to(), RowExtras.NONE));
      }
    }
    merge.preload(table.number(), lives);
  }

  private void noteIfGoes(Found found) {
    if (merge.isReferredTo(table)) {
      gone.add(found);
    }
  }

  private void noteIfTaken(Found before) {
    NetEffect effect = before.effect();
    LifeId now = merge.shownAt(table, effect.from());
    if (effect.timeMillis() != 0 && now != null && !now.equals(before.life())) {
      take(List.of(), effect.from(), before);
    }
  }

  /** The same of other columns than the key by which others refer to a row. */
  private void noteIfValuesTaken(Found before) {
    NetEffect effect = before.effect();
    boolean stood = before.life() != null && effect.before() != null;
    if (referencesByValue.isEmpty() || !stood || effect.timeMillis() == 0) {
      return;
    }
    Map<String, Value> showed = byName(effect.before());
    for (TrackedTable.Reference reference : referencesByValue) {
      RowKey held = reference.referredKey(showed::get);
      LifeId now = held.values().contains(Value.NULL) ? null : merge.referredTo(reference, held);
      if (now != null && !now.equals(before.life())) {
        take(reference.referred(), held, before);
      }
    }
  }

  private void take(List<KeyColumn> referred, RowKey key, Found before) {
    taken.put(
        Place.of(table, referred, key),
        new Taken(table, referred, key, before.life(), before.effect().timeMillis()));
  }

  /** Tells where a row has gone before others are born under the key that it has left. */
  private void move(Found found) {
    if (found.life().equals(merge.shownAt(table, found.effect().from()))) {
      merge.showsNew(table, found.effect().from(), null);
    }
    merge.showsNew(table, found.effect().to(), found.life());
  }

  /**
   * Gives rows that are new their lives before any reference is looked at: they may be referred to.
   */
  private Found withBirth(Found found) {
    NetEffect effect = found.effect();
    boolean isNew =
        effect.to() != null && (found.life() == null || effect.reborn() && table.isSurrogate());
    if (!isNew) {
      return found;
    }
    if (found.life() != null) {
      noteIfGoes(found);
    }
    boolean baseline = effect.timeMillis() == 0;
    if (table.isSurrogate() && !baseline) {
      int number = births++;
      LifeId born = LifeId.surrogate(sealing.dot(), number);
      merge.showsNew(table, effect.to(), born);
      return new Found(effect, found.life(), born, number);
    }
    RowExtras meant = merge.references().of(table, effect.to(), List.of(), List.of());
    LifeId born = merge.birth(table, effect.to(), meant);
    merge.showsNew(table, effect.to(), born);
    return new Found(effect, found.life(), born, RowExtras.NOT_NUMBERED);
  }

  /**
   * Whether the row was made or deleted by this transaction already. A statement that is ignored
   * leaves a note too: then two notes tell of what one has done.
   */
  private boolean isDone(Found found) {
    LifeId life = found.goes() ? found.life() : found.born();
    if (life == null) {
      return false;
    }
    RowState row = merge.row(table, life);
    return row.isVisible() != found.goes() && row.state().isWrittenBy(sealing.dot());
  }

  private void change(Found found) {
    NetEffect effect = found.effect();
    if (isDone(found)) {
      return;
    }
    if (effect.to() == null) {
      if (found.life() != null) {
        delete(effect, found.life());
        noteIfGoes(found);
      }
    } else if (found.born() != null) {
      if (found.life() != null) {
        delete(effect, found.life());
      }
      insert(effect, found.born(), found.birthNumber(), null);
    } else if (effect.reborn()) {
      insert(effect, found.life(), RowExtras.NOT_NUMBERED, effect.from());
    } else {
      update(effect, found.life());
    }
  }

  private void insert(NetEffect effect, LifeId life, int birthNumber, RowKey from) {
    List<String> columns = table.valueColumnNames();
    List<Value> values = values(effect.after(), columns);
    // A note may spell the key otherwise than the table does in the end.
    RowKey key = key(effect.after());
    RowExtras extras =
        merge.references().of(table, key, columns, values).withBirthNumber(birthNumber);
    extras = withUnseen(extras, merge.unseen(table, merge.row(table, life)));
    if (from != null) {
      extras =
          withUnseen(extras, basedOn.unseenByWhole(table, from, merge.row(table, life).state()));
    }
    List<Dot> claims = merge.claims(table, key, life);
    RowChange change =
        new RowChange(
            table.rowShape(),
            RowChange.Kind.INSERT,
            life,
            key,
            time(effect),
            values,
            List.of(),
            claims.isEmpty() ? extras : extras.withClaims(claims));
    emit(change, from, effect.before());
  }

  private void delete(NetEffect effect, LifeId life) {
    RowShape shape = shape(List.of());
    RowExtras extras =
        withUnseen(
            merge.references().ofKeyBefore(table, effect.from()),
            basedOn.unseenByWhole(table, effect.from(), merge.row(table, life).state()));
    RowChange change =
        new RowChange(
            shape,
            RowChange.Kind.DELETE,
            life,
            effect.from(),
            time(effect),
            List.of(),
            List.of(),
            extras.withClaims(merge.referencesOutOfSight(table, merge.row(table, life))));
    emit(change, effect.from(), effect.before());
  }

  private void update(NetEffect effect, LifeId life) {
    RowKey from = key(effect.before());
    RowKey to = key(effect.after());
    RowState row = merge.row(table, life);
    Written written = written(effect, row, from, to);
    // A cascade may have spelled otherwise what somebody has written.
    row.changedUnits().addAll(written.following());
    if (written.isNothing()) {
      if (written.alongWithParent()) {
        merge.movedAlong(row, from, to, byName(effect.before()));
      } else if (!written.following().isEmpty() || !referencesByValue.isEmpty()) {
        merge.followed(row, byName(effect.before()));
      }
      return;
    }
    List<String> changed = written.columns();
    List<Value> values = values(effect.after(), changed);
    List<Value> before = values(effect.before(), changed);
    RowExtras extras =
        merge
            .references()
            .of(table, to, changed, values)
            .withOrigins(merge.references().origins(table, changed, before));
    if (written.key()) {
      extras = extras.withKeyBefore(from).withClaims(merge.claims(table, to, life));
    }
    if (row.masked() != null) {
      extras = extras.withUnseen(merge.unseen(row, changed, before));
    }
    extras = withUnseen(extras, basedOn.unseenByUpdate(table, from, row.state(), changed));
    boolean compared = effect.timeMillis() == 0;
    if (!compared) {
      VersionVector told = basedOn.shown(table, from);
      extras = withOperations(extras, row, told, changed, before, values);
    }
    List<RowChange.Before> bases = new ArrayList<>(before.size());
    before.forEach(value -> bases.add(RowChange.Before.shortened(value)));
    RowChange.Kind kind = compared ? RowChange.Kind.DERIVED : RowChange.Kind.UPDATE;
    RowChange change =
        new RowChange(shape(changed), kind, life, to, time(effect), values, bases, extras);
    emit(change, from, effect.before());
    if (written.alongWithParent()) {
      merge.movedAlong(row, from, to, byName(effect.before()));
    }
  }

  /**
   * What of an update somebody has written.
   *
   * @param columns those outside the key
   * @param key whether the key is written
   * @param alongWithParent whether the row merely shows another key, as a row does to which it
   *     refers by that
   * @param following columns that merely show what a row referred to has come to have
   */
  private record Written(
      List<String> columns, boolean key, boolean alongWithParent, List<String> following) {
    boolean isNothing() {
      return columns.isEmpty() && !key;
    }
  }

  private Written written(NetEffect effect, RowState row, RowKey from, RowKey to) {
    List<String> changed = changed(effect);
    boolean moves = !from.equals(to);
    if (table.references().isEmpty()) {
      return new Written(changed, moves, false, List.of());
    }
    Map<String, Value> before = byName(effect.before());
    Map<String, Value> after = byName(effect.after());
    List<String> columns = changed;
    boolean refers = changed.stream().anyMatch(table.referringColumns()::contains);
    if (refers || moves && table.keyRefers() || !taken.isEmpty()) {
      // What its references mean is read from what it showed, with the keys of then.
      merge.expand(table, row, before);
    }
    if (refers) {
      columns = merge.references().withoutFollowing(table, row, columns, before, after);
    }
    List<String> following = new ArrayList<>(changed);
    following.removeAll(columns);
    boolean along = moves && merge.references().keyFollows(table, row, from, to);
    boolean key = moves && !along;
    if (moves) {
      columns = merge.references().withMoved(table, row, columns, before, after);
    }
    if (!taken.isEmpty()) {
      columns = merge.references().withTaken(table, row, columns, after, this::gone);
      key |= merge.references().isKeyTaken(table, row, to, this::gone);
    }
    return new Written(columns, key, along, following);
  }

  /** The row to which these values referred before another one took them, null where none did. */
  private LifeId gone(TrackedTable.Reference reference, RowKey shown) {
    Taken found = taken.get(Place.of(merge.parent(reference), reference.referred(), shown));
    return found == null ? null : found.gone();
  }

  /** Adds versions that the writer did not see. */
  private static RowExtras withUnseen(RowExtras extras, List<Dot> more) {
    if (more.isEmpty()) {
      return extras;
    }
    Set<Dot> unseen = new LinkedHashSet<>(extras.unseen());
    unseen.addAll(more);
    return extras.withUnseen(new ArrayList<>(unseen));
  }

  /**
   * Adds what the write means to merge columns; of a masked row the table says too little.
   *
   * @param told what the writer says that he was shown of the row, null when he says nothing
   */
  private RowExtras withOperations(
      RowExtras extras,
      RowState row,
      VersionVector told,
      List<String> changed,
      List<Value> before,
      List<Value> values) {
    View view = merge.view();
    if (view.policies().isEmpty() || row.masked() != null) {
      return extras;
    }
    Map<String, MergeOperation> operations = new HashMap<>();
    Map<String, FormWrites.Write> ofForm = new HashMap<>();
    for (int i = 0; i < changed.size(); i++) {
      String column = changed.get(i);
      Value after = values.get(i);
      if (view.merges(table.name(), column)) {
        if (forms.areUpon(table, row.life(), row.state(), column, told)) {
          ofForm.put(column, new FormWrites.Write(before.get(i), after));
        } else {
          operations.put(
              column, view.operation(table.name(), row.state(), column, before.get(i), after));
        }
      }
    }
    if (!ofForm.isEmpty()) {
      operations.putAll(forms.operations(table, row.life(), told, ofForm, sealing.dot()));
    }
    Map<Integer, byte[]> encoded = new HashMap<>();
    for (int i = 0; i < changed.size(); i++) {
      MergeOperation operation = operations.get(changed.get(i));
      if (operation != null) {
        encoded.put(table.keyColumns().size() + i, operation.encode());
      }
    }
    return encoded.isEmpty() ? extras : extras.withMerge(encoded);
  }

  /**
   * The value columns that differ, and all that are in a group with one of them, or refer to
   * another row together with it.
   */
  private List<String> changed(NetEffect effect) {
    List<String> changed = new ArrayList<>();
    List<String> names = table.schema().columnNames();
    for (int i = 0; i < names.size(); i++) {
      boolean differs = !effect.before()[i].equals(effect.after()[i]);
      if (differs && !table.schema().keyColumns().contains(names.get(i))) {
        changed.add(names.get(i));
      }
    }
    return merge.references().completed(table, changed);
  }

  private void emit(RowChange made, RowKey from, Value[] before) {
    RowChange change = merge.settling(made, sealing.dot(), sealing.dependencies());
    sealing.add(change);
    merge.joinOwn(
        change,
        sealing.dot(),
        sealing.dependencies(),
        from,
        before == null ? null : byName(before));
  }

  private HybridTimestamp time(NetEffect effect) {
    if (effect.timeMillis() == 0) {
      return HybridTimestamp.ZERO;
    }
    if (boundary.millis() != Boundaries.TOLD_BY_NOTES) {
      return time;
    }
    HybridTimestamp told =
        HybridTimestamp.of(
            Math.max(0, Math.min(effect.timeMillis(), HybridTimestamp.MAX_MILLIS)), 0);
    return told.compareTo(latest) > 0 ? told : latest.next();
  }

  private RowShape shape(List<String> columns) {
    return shapes.computeIfAbsent(
        columns, named -> new RowShape(table.name(), table.keyColumns(), named));
  }

  private RowKey key(Value[] row) {
    List<String> names = table.columnNames();
    List<Value> values = new ArrayList<>();
    table.schema().keyColumns().forEach(column -> values.add(row[names.indexOf(column)]));
    return new RowKey(values);
  }

  private List<Value> values(Value[] row, List<String> columns) {
    List<String> names = table.columnNames();
    List<Value> values = new ArrayList<>(columns.size());
    columns.forEach(column -> values.add(row[names.indexOf(column)]));
    return values;
  }

  private Map<String, Value> byName(Value[] row) {
    Map<String, Value> byName = new LinkedHashMap<>();
    List<String> names = table.columnNames();
    for (int i = 0; i < row.length; i++) {
      byName.put(names.get(i), row[i]);
    }
    return byName;
  }
}
