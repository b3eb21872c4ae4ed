package dev.godwit.crdt.text;

import java.util.Arrays;

/** A growable list of ints without boxing. */
final class IntSequence {
  private int[] values;
  private int size;

  IntSequence() {
    values = new int[8];
  }

  int size() {
    return size;
  }

  int get(int index) {
    return values[index];
  }

  int last() {
    return values[size - 1];
  }

  void set(int index, int value) {
    values[index] = value;
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size + (size >> 1) + 8);
    }
    values[size++] = value;
  }

  void removeLast() {
    size--;
  }

  /**
   * The index of the last value, among ascending ones, that is at most the given one; -1 when all
   * are above.
   */
  int floorIndex(int value) {
    if (size > 0 && values[size - 1] <= value) {
      return size - 1;
    }
    int found = Arrays.binarySearch(values, 0, size, value);
    return found >= 0 ? found : -found - 2;
  }
}
