package io.smartagent.integration.machine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The objects of a manifest, for comparisons. */
public final class ManifestObjects {

  /** Fields that name the maker of an object and do not describe it. */
  private static final Set<String> MAKERS = Set.of("app.kubernetes.io/managed-by", "helm.sh/chart");

  private ManifestObjects() {}

  /** Returns the objects by their kinds, without the labels that say who made them. */
  public static Map<String, Object> of(String yaml) {
    Map<String, Object> objects = new TreeMap<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      if (document instanceof Map<?, ?> object) {
        objects.put(String.valueOf(object.get("kind")), withoutMakers(object));
      }
    }
    return objects;
  }

  private static Map<Object, Object> withoutMakers(Map<?, ?> object) {
    Map<Object, Object> copy = new LinkedHashMap<>(object);
    if (object.get("metadata") instanceof Map<?, ?> metadata
        && metadata.get("labels") instanceof Map<?, ?> labels) {
      Map<Object, Object> left = new LinkedHashMap<>(labels);
      left.keySet().removeAll(MAKERS);
      Map<Object, Object> changed = new LinkedHashMap<>(metadata);
      changed.put("labels", left);
      copy.put("metadata", changed);
    }
    return copy;
  }
}
