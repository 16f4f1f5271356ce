package io.smartagent.launch;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Copies the image's runtime to the host: staged beside, digests checked, renamed into place, the
 * previous one kept. A start that is killed in the middle leaves the old one working.
 */
final class RuntimeInstaller {

  /** What files of the host are covered with. */
  static final String EMPTY_FILE = "/smartagent/empty";

  private static final String DIGESTS = "SHA256SUMS";
  private static final String STAGED = ".staged-";
  private static final String PREVIOUS = ".previous";

  /** A copy takes seconds: one that nobody has touched for longer was given up. */
  private static final Duration GIVEN_UP = Duration.ofMinutes(10);

  private RuntimeInstaller() {}

  /**
   * Installs {@code source}, where what is there already has not the same digests.
   *
   * @param root of the host
   * @param directory of the host that it becomes
   * @throws ErrnoException EROFS, EACCES, ENOSPC where it cannot be written, EIO where a digest is
   *     wrong
   */
  static void install(Kernel kernel, String source, String root, String directory)
      throws ErrnoException {
    int slash = directory.lastIndexOf('/');
    String parent = directory.substring(0, slash);
    String name = directory.substring(slash + 1);
    try (Descriptor top = kernel.filesystem().openDirectory(root)) {
      makeParent(kernel, top, parent);
      try (Descriptor place = kernel.filesystem().locateLinkInRoot(top, parent)) {
        // The descriptor's own link, so that nobody can put another directory in the path
        // meanwhile.
        install(Path.of(source), Path.of("/proc/self/fd/" + place.number()), name);
      }
    } catch (IOException e) {
      throw new ErrnoException("install(\"" + directory + "\"): " + e.getMessage(), errno(e));
    }
  }

  private static void makeParent(Kernel kernel, Descriptor top, String parent)
      throws ErrnoException {
    int slash = parent.lastIndexOf('/');
    try (Descriptor above =
        kernel.filesystem().locateLinkInRoot(top, parent.substring(0, Math.max(1, slash)))) {
      kernel.filesystem().makeDirectory(above, parent.substring(slash + 1), 0755);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
  }

  private static void install(Path source, Path place, String name) throws IOException {
    Path installed = place.resolve(name);
    byte[] wanted = Files.readAllBytes(source.resolve(DIGESTS));
    if (isInstalled(installed, wanted)) {
      return;
    }
    Path staged = place.resolve("." + name + STAGED + ProcessHandle.current().pid());
    delete(staged);
    deleteGivenUp(place, "." + name + STAGED);
    copy(source, staged);
    verify(staged, new String(wanted, StandardCharsets.UTF_8));
    Path previous = place.resolve("." + name + PREVIOUS);
    delete(previous);
    try {
      Files.move(installed, previous, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException first) {
      // There is nothing to keep.
      Files.deleteIfExists(previous);
    }
    try {
      Files.move(staged, installed, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException another) {
      delete(staged);
      if (!isInstalled(installed, wanted)) {
        throw another;
      }
    }
  }

  private static void deleteGivenUp(Path place, String prefix) throws IOException {
    Instant limit = Instant.now().minus(GIVEN_UP);
    try (DirectoryStream<Path> stagings = Files.newDirectoryStream(place, prefix + "*")) {
      for (Path staging : stagings) {
        BasicFileAttributes attributes =
            Files.readAttributes(staging, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.lastModifiedTime().toInstant().isBefore(limit)) {
          delete(staging);
        }
      }
    }
  }

  private static boolean isInstalled(Path installed, byte[] wanted) throws IOException {
    try {
      if (!Arrays.equals(Files.readAllBytes(installed.resolve(DIGESTS)), wanted)) {
        return false;
      }
      verify(installed, new String(wanted, StandardCharsets.UTF_8));
      return true;
    } catch (NoSuchFileException | DamagedException e) {
      return false;
    }
  }

  /** A file that is not what its digest says. */
  private static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  private static void copy(Path source, Path target) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Path made = target.resolve(source.relativize(directory).toString());
            Files.createDirectory(made);
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path copy = target.resolve(source.relativize(file).toString());
            Files.copy(file, copy, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void verify(Path tree, String digests) throws IOException {
    Map<String, String> wanted = new TreeMap<>();
    for (String line : digests.lines().toList()) {
      List<String> parts = List.of(line.split("\\s+\\*?", 2));
      wanted.put(parts.getLast(), parts.getFirst());
    }
    for (Map.Entry<String, String> file : wanted.entrySet()) {
      if (!digest(tree.resolve(file.getKey())).equals(file.getValue())) {
        throw new DamagedException("the digest of " + file.getKey() + " is wrong");
      }
    }
  }

  private static String digest(Path file) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException e) throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static Errno errno(IOException e) {
    String message = String.valueOf(e.getMessage());
    for (Errno errno : List.of(Errno.ENOSPC, Errno.EROFS, Errno.EDQUOT)) {
      if (message.contains(errno.text())) {
        return errno;
      }
    }
    return e instanceof java.nio.file.AccessDeniedException ? Errno.EACCES : Errno.EIO;
  }
}
