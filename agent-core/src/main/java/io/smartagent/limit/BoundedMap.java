package io.smartagent.limit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Maps with a maximum size: a further entry removes another one. Not thread-safe. */
public final class BoundedMap {

  private static final int CAPACITY = 64;
  private static final float LOAD_FACTOR = 0.75f;

  private BoundedMap() {}

  /** Returns an empty map that removes the entry that was added first. */
  public static <K, V> Map<K, V> ofNewest(int maximum) {
    return ofNewest(maximum, value -> {});
  }

  /**
   * Returns an empty map that removes the entry that was added first.
   *
   * @param removed called with each value that is removed so
   */
  public static <K, V> Map<K, V> ofNewest(int maximum, Consumer<V> removed) {
    return create(maximum, false, removed);
  }

  /** Returns an empty map that removes the entry that was read or written longest ago. */
  public static <K, V> Map<K, V> ofRecentlyUsed(int maximum) {
    return create(maximum, true, value -> {});
  }

  private static <K, V> Map<K, V> create(int maximum, boolean byUse, Consumer<V> removed) {
    return new LinkedHashMap<>(CAPACITY, LOAD_FACTOR, byUse) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        if (size() <= maximum) {
          return false;
        }
        removed.accept(eldest.getValue());
        return true;
      }
    };
  }
}
