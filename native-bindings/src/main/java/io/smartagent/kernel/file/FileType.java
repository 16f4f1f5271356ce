package io.smartagent.kernel.file;

/** The kind of an inode: inode(7), "The file type and mode". */
public enum FileType {
  REGULAR(0100000),
  DIRECTORY(0040000),
  SYMBOLIC_LINK(0120000),
  CHARACTER_DEVICE(0020000),
  BLOCK_DEVICE(0060000),
  FIFO(0010000),
  SOCKET(0140000);

  private static final int MASK = 0170000;

  private final int bits;

  FileType(int bits) {
    this.bits = bits;
  }

  /**
   * Returns the type in an inode's {@code mode}.
   *
   * @throws IllegalArgumentException where the mode has none that inode(7) names
   */
  public static FileType ofMode(int mode) {
    for (FileType type : values()) {
      if (type.bits == (mode & MASK)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no file type in mode " + Integer.toOctalString(mode));
  }
}
