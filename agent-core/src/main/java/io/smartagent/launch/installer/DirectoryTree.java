package io.smartagent.launch.installer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.List;

/** Removes a directory with all that is in it. */
final class DirectoryTree {

  private DirectoryTree() {}

  /**
   * Removes what is called {@code name} in {@code parent}, where it is there. By descriptors, and
   * no link is followed: what is in the tree may be changed meanwhile by a user whose files they
   * are, and nothing outside of it may be removed.
   */
  static void remove(Path parent, String name) throws IOException {
    try (DirectoryStream<Path> directory = Files.newDirectoryStream(parent)) {
      if (!(directory instanceof SecureDirectoryStream<Path> secure)) {
        throw new IOException("this system cannot remove by descriptor");
      }
      try {
        remove(secure, Path.of(name));
      } catch (NoSuchFileException gone) {
        // That is what was wanted.
      }
    }
  }

  private static void remove(SecureDirectoryStream<Path> directory, Path name) throws IOException {
    boolean isDirectory =
        directory
            .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes()
            .isDirectory();
    if (!isDirectory) {
      directory.deleteFile(name);
      return;
    }
    try (SecureDirectoryStream<Path> inner =
        directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      List<Path> names = new ArrayList<>();
      inner.forEach(path -> names.add(path.getFileName()));
      for (Path each : names) {
        remove(inner, each);
      }
    }
    directory.deleteDirectory(name);
  }
}
