package io.smartagent.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file descriptors that were open when the agent started, but for stdin, stdout and stderr.
 *
 * @param descriptors ascending
 * @param fault why they are not known; null where they are
 */
record OpenDescriptors(List<OpenFile> descriptors, @Nullable String fault) {

  private static final int O_ACCMODE = 3;

  /**
   * One of them.
   *
   * @param number in the process's table
   * @param target what its link in /proc says: a path, or such as {@code socket:[123]}
   * @param directory whether it is one
   * @param writable whether it can be written to
   */
  record OpenFile(int number, String target, boolean directory, boolean writable) {}

  OpenDescriptors {
    descriptors = List.copyOf(descriptors);
  }

  /**
   * Reads them. To be called before this program opens anything of its own, or that looks like
   * something that the launcher left.
   */
  static OpenDescriptors atStart() {
    Path table = Path.of("/proc/self/fd");
    List<Path> links = new ArrayList<>();
    List<OpenFile> open = new ArrayList<>();
    try {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(table)) {
        entries.forEach(links::add);
      }
      for (Path link : links) {
        int number = Integer.parseInt(String.valueOf(link.getFileName()));
        if (number > 2) {
          read(number, link, open);
        }
      }
    } catch (IOException e) {
      return new OpenDescriptors(List.of(), "/proc/self/fd could not be read: " + e.getMessage());
    }
    open.sort(Comparator.comparingInt(OpenFile::number));
    return new OpenDescriptors(open, null);
  }

  private static void read(int number, Path link, List<OpenFile> open) throws IOException {
    try {
      String target = Files.readSymbolicLink(link).toString();
      String info = Files.readString(Path.of("/proc/self/fdinfo/" + number));
      open.add(new OpenFile(number, target, Files.isDirectory(link), isWritable(info)));
    } catch (NoSuchFileException listingItselfIsClosed) {
      // Reading the table needs descriptors, and they are in it.
    }
  }

  /** Returns whether an fdinfo file tells of an access mode with writing: proc_pid_fdinfo(5). */
  static boolean isWritable(String info) {
    return info.lines()
        .filter(line -> line.startsWith("flags:"))
        .mapToLong(line -> Long.parseLong(line.substring("flags:".length()).strip(), 8))
        .anyMatch(flags -> (flags & O_ACCMODE) != 0);
  }
}
