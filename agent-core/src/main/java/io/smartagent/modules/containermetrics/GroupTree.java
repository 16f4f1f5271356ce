package io.smartagent.modules.containermetrics;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.cgroup.CgroupLevel;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.Containers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Finds the groups of containers in a tree of control groups, those of containers in containers
 * too. A group further up counts before one further down, so that what a container calls its own
 * groups takes nothing from another.
 */
final class GroupTree {

  /** Deeper than any container in a container in a container. */
  private static final int DEEPEST = 24;

  /** A host with a thousand containers has some thousand groups. */
  private static final int GROUPS_AT_MOST = 20_000;

  /** A container may be allowed to make groups, and make as many as it likes. */
  private static final int BELOW_ONE_AT_MOST = 1024;

  private final Filesystem files;
  private final String tree;
  private final Containers containers;
  private Map<String, CgroupOwner> known = new HashMap<>();

  /**
   * A directory of which the names are to be found out.
   *
   * @param nesting how many containers are around it: whoever is in one may make groups and name
   *     them after another, so these come last, for their names and for the budget
   */
  private record Place(String path, int depth, int nesting, @Nullable ContainerGroup within) {}

  /**
   * @param tree the directory of the hierarchy
   */
  GroupTree(Filesystem files, String tree, Containers containers) {
    this.files = files;
    this.tree = tree;
    this.containers = containers;
  }

  /**
   * Returns the groups of all containers, the outer ones first.
   *
   * @throws ErrnoException where the tree itself cannot be listed
   */
  List<ContainerGroup> containers() throws ErrnoException {
    Map<String, ContainerGroup> found = new HashMap<>();
    List<ContainerGroup> inOrder = new ArrayList<>();
    Map<String, CgroupOwner> now = new HashMap<>();
    Queue<Place> places =
        new PriorityQueue<>(Comparator.comparingInt(Place::nesting).thenComparingInt(Place::depth));
    for (String name : files.directories(tree, GROUPS_AT_MOST)) {
      places.add(new Place("/" + name, 1, 0, null));
    }
    for (int groups = 0; !places.isEmpty() && groups < GROUPS_AT_MOST; groups++) {
      Place place = places.remove();
      ContainerGroup within = place.within();
      for (ContainerGroup each = within; each != null; each = each.outer()) {
        each.below().add(place.path());
      }
      CgroupOwner owner = owner(place.path());
      now.put(place.path(), owner);
      String id = owner.containerId();
      int nesting = place.nesting();
      if (id != null && !found.containsKey(id)) {
        within = new ContainerGroup(owner, place.path(), within);
        found.put(id, within);
        inOrder.add(within);
        nesting++;
      }
      if (place.depth() < DEEPEST
          && (within == null || within.below().size() < BELOW_ONE_AT_MOST)) {
        for (String name : names(place.path())) {
          if (places.size() < GROUPS_AT_MOST) {
            places.add(new Place(place.path() + "/" + name, place.depth() + 1, nesting, within));
          }
        }
      }
    }
    known = now;
    return inOrder;
  }

  /** What is no container's today may be a bundle's tomorrow, but a container's stays one's. */
  private CgroupOwner owner(String path) {
    CgroupOwner owner = known.get(path);
    return owner != null && owner.level() == CgroupLevel.CONTAINER
        ? owner
        : containers.ownerOfPath(path);
  }

  private List<String> names(String path) {
    try {
      return files.directories(tree + path, GROUPS_AT_MOST);
    } catch (ErrnoException gone) {
      return List.of();
    }
  }
}
