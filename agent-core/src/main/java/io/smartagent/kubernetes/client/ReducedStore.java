package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer remembers: of each object its key and version, which it has to know, and what is
 * kept of it. A pod takes some ten kilobytes as the API has it, and a few hundred bytes here.
 */
final class ReducedStore<T extends HasMetadata, R> implements ItemStore<T> {

  private final Supplier<T> empty;
  private final Function<T, @Nullable R> reduce;
  private final Map<String, Entry<R>> entries = new HashMap<>();
  private long changes;

  private record Entry<R>(@Nullable String version, @Nullable R kept) {}

  ReducedStore(Supplier<T> empty, Function<T, @Nullable R> reduce) {
    this.empty = empty;
    this.reduce = reduce;
  }

  /** Returns a number that is another one after each change. */
  synchronized long changes() {
    return changes;
  }

  /** Returns what is kept, by {@code NAMESPACE/NAME} or {@code NAME}. */
  synchronized Map<String, R> kept() {
    Map<String, R> kept = new HashMap<>();
    entries.forEach((key, entry) -> {
      R value = entry.kept();
      if (value != null) {
        kept.put(key, value);
      }
    });
    return kept;
  }

  @Override
  public String getKey(T object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public synchronized @Nullable T put(String key, T object) {
    R kept = reduce.apply(object);
    Entry<R> before =
        entries.put(key, new Entry<>(object.getMetadata().getResourceVersion(), kept));
    if (kept != null || (before != null && before.kept() != null)) {
      changes++;
    }
    return before == null ? null : shell(key, before);
  }

  @Override
  public synchronized @Nullable T remove(String key) {
    Entry<R> before = entries.remove(key);
    if (before != null && before.kept() != null) {
      changes++;
    }
    return before == null ? null : shell(key, before);
  }

  @Override
  public synchronized Stream<String> keySet() {
    return List.copyOf(entries.keySet()).stream();
  }

  @Override
  public synchronized Stream<T> values() {
    List<T> shells = new ArrayList<>(entries.size());
    entries.forEach((key, entry) -> shells.add(shell(key, entry)));
    return shells.stream();
  }

  @Override
  public synchronized int size() {
    return entries.size();
  }

  @Override
  public synchronized @Nullable T get(String key) {
    Entry<R> entry = entries.get(key);
    return entry == null ? null : shell(key, entry);
  }

  @Override
  public boolean isFullState() {
    return false;
  }

  private T shell(String key, Entry<R> entry) {
    int slash = key.indexOf('/');
    ObjectMeta metadata = new ObjectMeta();
    if (slash >= 0) {
      metadata.setNamespace(key.substring(0, slash));
    }
    metadata.setName(key.substring(slash + 1));
    metadata.setResourceVersion(entry.version());
    T shell = empty.get();
    shell.setMetadata(metadata);
    return shell;
  }
}
