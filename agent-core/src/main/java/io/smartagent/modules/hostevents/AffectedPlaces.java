package io.smartagent.modules.hostevents;

import io.smartagent.module.EventOwner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a file system is mounted.
 *
 * @param mountPoints of the host
 * @param mountPointsTruncated how many the host has beyond these
 * @param containers that have it mounted
 * @param containersTruncated how many have it beyond these
 */
record AffectedPlaces(
    List<String> mountPoints,
    int mountPointsTruncated,
    List<Place> containers,
    int containersTruncated) {

  static final AffectedPlaces NONE = new AffectedPlaces(List.of(), 0, List.of(), 0);

  /** A container, and where it has the file system, by its own root. */
  record Place(String mountPoint, EventOwner owner) {

    private Map<String, @Nullable Object> attributes() {
      Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
      attributes.put("mountPoint", mountPoint);
      attributes.putAll(owner.attributes());
      return attributes;
    }
  }

  /** Copies the lists. */
  AffectedPlaces {
    mountPoints = List.copyOf(mountPoints);
    containers = List.copyOf(containers);
  }

  /** Returns the attributes of the containers. */
  List<Map<String, @Nullable Object>> attributes() {
    List<Map<String, @Nullable Object>> attributes = new ArrayList<>();
    containers.forEach(place -> attributes.add(place.attributes()));
    return attributes;
  }

  /** Returns the only container that has it mounted; the host if there is none or several. */
  EventOwner owner() {
    return containers.size() == 1 && containersTruncated == 0
        ? containers.getFirst().owner()
        : EventOwner.HOST;
  }
}
