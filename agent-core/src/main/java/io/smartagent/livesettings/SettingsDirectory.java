package io.smartagent.livesettings;

import io.smartagent.config.Problem;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.file.PathText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A directory with one file for each setting, such as kubelet makes for a ConfigMap: {@code ..data}
 * is a link to the directory of one version, which is renamed when there is another (AtomicWriter
 * in pkg/volume/util). Read through that link once, the files of two versions are never mixed.
 *
 * <p>A user that may write there may make links: none leads out of the directory.
 */
final class SettingsDirectory {

  /** All that a ConfigMap may hold. */
  private static final int MAX_BYTES = 1 << 20;

  private static final int MAX_NAMES = 1000;
  private static final int TRIALS = 5;
  private static final int SHOWN = 200;
  private static final int DIGITS = 12;

  /** Kubelet's own names, and those of versions, begin so; no key of a ConfigMap does. */
  private static final String KUBELET = "..";

  private static final String LINK = "..data";

  private final Filesystem files;
  private final String path;
  private final boolean isRoots;

  /** Reports that the directory belongs to a user other than root. */
  static final class ForeignOwnerException extends Exception {

    private static final long serialVersionUID = 1;

    private ForeignOwnerException(String message) {
      super(message);
    }
  }

  /**
   * @param isRoots whether it has to be root's: in a place where the agent's own user may write,
   *     any process of that user could make it
   */
  SettingsDirectory(Filesystem files, String path, boolean isRoots) {
    this.files = files;
    this.path = path;
    this.isRoots = isRoots;
  }

  String path() {
    return path;
  }

  /**
   * Reads it as it is now.
   *
   * @return empty where there is no setting in it
   * @throws ErrnoException ENOENT, EACCES and the like, of the directory itself; EAGAIN where it
   *     changes faster than it can be read
   * @throws ForeignOwnerException if it has to be root's, and is not
   */
  Optional<SettingsDocument> read() throws ErrnoException, ForeignOwnerException {
    try (Descriptor directory = files.openDirectory(path)) {
      checkOwner(directory);
      for (int i = 0; i < TRIALS; i++) {
        Optional<String> version = linkedVersion(directory);
        Optional<SettingsDocument> document =
            version.isPresent() ? readVersion(directory, version.get()) : read(directory, "");
        // A version is removed once there is another.
        if (version.equals(linkedVersion(directory))) {
          return document;
        }
      }
      throw new ErrnoException("openat2(\"" + path + "/" + LINK + "\")", Errno.EAGAIN);
    }
  }

  /** Of what is open, for at the path there may be something else by now. */
  private void checkOwner(Descriptor directory) throws ErrnoException, ForeignOwnerException {
    int owner = files.status(directory).uid();
    if (isRoots && owner != 0) {
      throw new ForeignOwnerException(
          "The directory \""
              + path
              + "\" belongs to user "
              + Integer.toUnsignedString(owner)
              + ", not to root as what kubelet mounts, so nothing in it is heeded.");
    }
  }

  private Optional<SettingsDocument> readVersion(Descriptor directory, String version)
      throws ErrnoException {
    try (Descriptor data = files.locateInRoot(directory, version)) {
      return read(data, version);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<String> linkedVersion(Descriptor directory) throws ErrnoException {
    try (Descriptor link = files.locateLinkInRoot(directory, LINK)) {
      return files.status(link).type() == FileType.SYMBOLIC_LINK
          ? Optional.of(files.readLink(link))
          : Optional.empty();
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<SettingsDocument> read(Descriptor directory, String version)
      throws ErrnoException {
    List<String> names = new ArrayList<>(files.list(directory, MAX_NAMES + 1));
    names.removeIf(name -> name.startsWith(KUBELET));
    if (names.isEmpty()) {
      return Optional.empty();
    }
    Reading reading = new Reading(directory);
    names.sort(Comparator.naturalOrder());
    names.forEach(reading::add);
    return Optional.of(
        new SettingsDocument(
            version.isEmpty() ? reading.digest() : version, reading.entries, reading.problems));
  }

  /** One pass over the files of a directory. */
  private final class Reading {

    private final Descriptor directory;
    private final Map<String, String> entries = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private int names;
    private int bytes;

    Reading(Descriptor directory) {
      this.directory = directory;
    }

    void add(String name) {
      if (++names > MAX_NAMES) {
        if (names == MAX_NAMES + 1) {
          refuse(path, "has more than " + MAX_NAMES + " files");
        }
        return;
      }
      try (Descriptor file = files.openInRoot(directory, name)) {
        if (files.status(file).type() != FileType.REGULAR) {
          refuse(name, "is no file");
          return;
        }
        byte[] content = files.readAll(file, MAX_BYTES - bytes);
        bytes += content.length;
        entries.put(name, text(content));
      } catch (CharacterCodingException e) {
        refuse(name, "is not text in UTF-8");
      } catch (ErrnoException e) {
        refuse(
            name,
            e.errno() == Errno.EFBIG
                ? "makes the directory larger than 1 MiB"
                : "cannot be read: " + e.getMessage());
      }
    }

    private void refuse(String name, String fault) {
      problems.add(
          Problem.configuration(
              PathText.quote(name, SHOWN) + " " + fault + ".",
              "Each file must be named as a setting, and hold its value."));
    }

    private static String text(byte[] content) throws CharacterCodingException {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    }

    /** Returns what distinguishes this content from another where it has no version. */
    String digest() {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        entries.forEach((name, value) -> {
          digest.update((name + "\0" + value.length() + "\0").getBytes(StandardCharsets.UTF_8));
          digest.update(value.getBytes(StandardCharsets.UTF_8));
        });
        problems.forEach(problem -> digest.update(problem.text().getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
      } catch (NoSuchAlgorithmException everyJavaHasIt) {
        throw new IllegalStateException(everyJavaHasIt);
      }
    }
  }
}
