package io.smartagent.modules.applicationdiscovery;

import io.smartagent.kernel.file.FileStatus;
import io.smartagent.limit.BoundedMap;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a distribution's package manager has installed: Debian's {@code /var/lib/dpkg/status} and
 * Alpine's {@code /lib/apk/db/installed}, both paragraphs of fields.
 */
final class PackageDatabase {

  private static final String DPKG = "/var/lib/dpkg/status";
  private static final String APK = "/lib/apk/db/installed";

  /** Several times what a large host has. */
  private static final int BYTES = 16 << 20;

  private static final int LONGEST_LINE = 512;

  private static final int REMEMBERED = 128;

  /** By the file and the name: programs that live shortly are many, and packages are few. */
  private final Map<Key, Optional<Version>> known =
      Collections.synchronizedMap(BoundedMap.ofRecentlyUsed(REMEMBERED));

  /** A package manager replaces its file when it changes it. */
  private record Key(long device, long inode, long size, String name) {}

  /**
   * Returns the version of the first installed package with such a name; null where there is none.
   */
  @Nullable Version version(ProcessRoot root, Pattern name) {
    return Version.first(
        version(root, DPKG, name, "Package: ", "Version: "), version(root, APK, name, "P:", "V:"));
  }

  private @Nullable Version version(
      ProcessRoot root, String file, Pattern name, String nameField, String versionField) {
    FileStatus status = root.status(file);
    if (status == null) {
      return null;
    }
    Key key = new Key(status.device(), status.inode(), status.size(), name.pattern());
    Optional<Version> remembered = known.get(key);
    if (remembered == null) {
      remembered = Optional.ofNullable(read(root, file, name, nameField, versionField));
      known.put(key, remembered);
    }
    return remembered.orElse(null);
  }

  private static @Nullable Version read(
      ProcessRoot root, String file, Pattern name, String nameField, String versionField) {
    InputStream stream = root.stream(file);
    if (stream == null) {
      return null;
    }
    try (BoundedLines lines = new BoundedLines(stream, BYTES, LONGEST_LINE)) {
      return find(lines, name, nameField, versionField);
    } catch (IOException unreadable) {
      return null;
    }
  }

  /** The lines of a package come together; an empty one ends them. */
  static @Nullable Version find(
      BoundedLines lines, Pattern name, String nameField, String versionField) throws IOException {
    boolean wanted = false;
    boolean installed = true;
    String version = null;
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (line.isEmpty()) {
        if (wanted && installed && version != null) {
          return Version.of(upstream(version), Version.Origin.PACKAGE_DATABASE);
        }
        wanted = false;
        installed = true;
        version = null;
      } else if (line.startsWith(nameField)) {
        wanted = name.matcher(line.substring(nameField.length())).matches();
      } else if (line.startsWith(versionField)) {
        version = line.substring(versionField.length());
      } else if (line.startsWith("Status: ")) {
        installed = line.endsWith(" installed");
      }
    }
    return wanted && installed && version != null
        ? Version.of(upstream(version), Version.Origin.PACKAGE_DATABASE)
        : null;
  }

  /** Without the distribution's epoch and revision: deb-version(7). */
  private static String upstream(String version) {
    String withoutEpoch = version.substring(version.indexOf(':') + 1);
    int revision = withoutEpoch.lastIndexOf('-');
    return revision > 0 ? withoutEpoch.substring(0, revision) : withoutEpoch;
  }
}
