package io.smartagent.plan;

import io.smartagent.host.ShownEntry;
import java.util.List;

/**
 * What the virtual root is made of.
 *
 * @param shown the entries of a minimal root, sorted by path, none below another; empty in other
 *     modes
 * @param bind whether the host's root is bound to itself, because it is not a mount
 * @param bindProc whether the container's procfs is shown, because the host's root has none
 */
record RootTree(List<ShownEntry> shown, boolean bind, boolean bindProc) {

  /** Copies the list. */
  RootTree {
    shown = List.copyOf(shown);
  }
}
