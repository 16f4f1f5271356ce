package io.smartagent.kernel.security;

import java.util.EnumSet;
import java.util.Set;

/**
 * What Landlock can deny of all that changes files: the LANDLOCK_ACCESS_FS_* of landlock(7), in
 * their order. Reading and executing are not among them.
 */
public enum AccessRight {
  /** Opens a file for writing. */
  WRITE_FILE(1, 1, true),
  REMOVE_DIR(4, 1, false),
  /** Removes or renames a file. */
  REMOVE_FILE(5, 1, false),
  MAKE_CHAR(6, 1, false),
  MAKE_DIR(7, 1, false),
  MAKE_REG(8, 1, false),
  MAKE_SOCK(9, 1, false),
  MAKE_FIFO(10, 1, false),
  MAKE_BLOCK(11, 1, false),
  MAKE_SYM(12, 1, false),
  /** Links or renames a file into another directory: Linux 5.19; denied everywhere before. */
  REFER(13, 2, false),
  /** Truncates a file by its path: Linux 6.2; allowed everywhere before. */
  TRUNCATE(14, 3, true);

  private final int bit;
  private final int sinceAbi;
  private final boolean ofFiles;

  AccessRight(int bit, int sinceAbi, boolean ofFiles) {
    this.bit = bit;
    this.sinceAbi = sinceAbi;
    this.ofFiles = ofFiles;
  }

  /** Returns the bit in a ruleset, as include/uapi/linux/landlock.h numbers it. */
  public long bit() {
    return 1L << bit;
  }

  /** Returns whether it makes sense for what is no directory. */
  public boolean isOfFiles() {
    return ofFiles;
  }

  /** Returns the rights that a kernel with this version of Landlock knows. */
  public static Set<AccessRight> knownTo(int abi) {
    Set<AccessRight> known = EnumSet.noneOf(AccessRight.class);
    for (AccessRight right : values()) {
      if (right.sinceAbi <= abi) {
        known.add(right);
      }
    }
    return known;
  }
}
