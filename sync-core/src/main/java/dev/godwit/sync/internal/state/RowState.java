package dev.godwit.sync.internal.state;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.merge.LifeState;
import java.util.Set;
import java.util.TreeSet;

/**
 * One life as a file holds it: the merged state, and what the application's table shows of it.
 * Mutable.
 */
public final class RowState {
  private final int table;
  private final LifeId life;
  private final LifeState state;
  private final boolean stored;
  private boolean visible;
  private RowKey shownKey;
  private String masked;
  private RowKey refusedKey;
  private final Set<String> changedUnits = new TreeSet<>();
  private boolean keyChanged;
  private boolean dangling;
  private boolean elsewhere;
  private boolean touched;

  RowState(int table, LifeId life, LifeState state, boolean stored) {
    this.table = table;
    this.life = life;
    this.state = state;
    this.stored = stored;
  }

  public int table() {
    return table;
  }

  public LifeId life() {
    return life;
  }

  public LifeState state() {
    return state;
  }

  /** Whether the file knew the life before. */
  public boolean isStored() {
    return stored;
  }

  /** Whether the table has a row for it. */
  public boolean isVisible() {
    return visible;
  }

  public void visible(boolean now) {
    visible = now;
  }

  /**
   * The key under which the table shows it, in any spelling; null while not visible, or when only
   * the caller knows.
   */
  public RowKey shownKey() {
    return shownKey;
  }

  public void shownKey(RowKey key) {
    shownKey = key;
  }

  /** Why the table does not show all of it although it should, null when it does. */
  public String masked() {
    return masked;
  }

  public void masked(String reason) {
    masked = reason;
    refusedKey = reason == null ? null : refusedKey;
  }

  /** The key under which others show a row that is masked, where that is known; null of others. */
  public RowKey refusedKey() {
    return refusedKey;
  }

  public void refusedKey(RowKey key) {
    refusedKey = key;
  }

  /** Whether the table has a row for it, or would have one if SQLite took it. */
  public boolean isToBeSeen() {
    return visible || masked != null;
  }

  /**
   * Whether it refers, by life, to a row that the table does not show, so that the table's value
   * does not tell.
   */
  public boolean isDangling() {
    return dangling;
  }

  public void dangling(boolean now) {
    dangling = now;
  }

  /**
   * Whether the table shows it under another key than it wants, so that the table's key does not
   * tell.
   */
  public boolean isElsewhere() {
    return elsewhere;
  }

  public void elsewhere(boolean now) {
    elsewhere = now;
  }

  /** Whether something was merged into it since it was read. */
  public boolean isTouched() {
    return touched;
  }

  public void touched(boolean now) {
    touched = now;
  }

  /** Units whose visible version may have changed since the table was written. */
  public Set<String> changedUnits() {
    return changedUnits;
  }

  /** Whether the wanted key may have changed since the table was written. */
  public boolean keyChanged() {
    return keyChanged;
  }

  public void keyChanged(boolean changed) {
    keyChanged = changed;
  }
}
