package io.smartagent.modules.applicationdiscovery;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Go's linker writes into an executable, from Go 1.18: the section {@code .go.buildinfo}, as
 * {@code go version -m} shows it. Older ones have pointers in it and are known as Go only.
 *
 * @param goVersion of the compiler, without "go" before it; null where it is unknown
 * @param path of the main package; null where it is unknown
 * @param version of the main module, else what the linker was told to set a variable of that name
 *     to; null where neither tells
 */
record GoBuildInfo(@Nullable Version goVersion, @Nullable String path, @Nullable Version version) {

  private static final byte[] MAGIC = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
  private static final int FLAGS = 15;
  private static final int INLINE = 2;
  private static final int STRINGS = 32;

  /** What surrounds the module's description. */
  private static final int SENTINEL = 16;

  /** {@code -X main.version=1.2.3}, the usual way to give a version to a Go program. */
  private static final Pattern LINKED =
      Pattern.compile("-X[ =]['\"]?[\\w./-]*[vV]ersion=(v?[0-9][\\w.+-]{0,60})");

  private static final int LONGEST_PATH = 256;

  /** Returns what the section says; null where it is none of Go. */
  static @Nullable GoBuildInfo parse(byte[] section) {
    if (section.length < STRINGS || !startsWithMagic(section)) {
      return null;
    }
    if ((section[FLAGS] & INLINE) == 0) {
      return new GoBuildInfo(null, null, null);
    }
    Cursor cursor = new Cursor(section, STRINGS);
    String goVersion = cursor.string();
    String module = cursor.string();
    if (module.length() >= 2 * SENTINEL + 1) {
      // A section that was not read to its end has lost the second one.
      int end =
          module.charAt(module.length() - SENTINEL - 1) == '\n'
              ? module.length() - SENTINEL
              : module.length();
      module = module.substring(SENTINEL, end);
    }
    return of(goVersion, module);
  }

  private static GoBuildInfo of(String goVersion, String module) {
    String path = null;
    Version version = null;
    Version linked = null;
    for (String line : module.split("\n", -1)) {
      String[] fields = line.split("\t", -1);
      if (fields[0].equals("path") && fields.length > 1) {
        path = fields[1].isEmpty() ? null : fields[1];
      } else if (fields[0].equals("mod") && fields.length > 2) {
        version = Version.of(fields[2], Version.Origin.EXECUTABLE);
      } else if (line.startsWith("build\t-ldflags=")) {
        Matcher matcher = LINKED.matcher(line);
        linked = matcher.find() ? Version.of(matcher.group(1), Version.Origin.EXECUTABLE) : null;
      }
    }
    if (path != null && path.length() > LONGEST_PATH) {
      path = path.substring(0, LONGEST_PATH);
    }
    String number = goVersion.split(" ", 2)[0];
    return new GoBuildInfo(
        Version.of(
            number.startsWith("go") ? number.substring(2) : number, Version.Origin.EXECUTABLE),
        path,
        // Without a tag Go makes one up of zeros, a time and a commit.
        Version.first(linked, version));
  }

  private static boolean startsWithMagic(byte[] section) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (section[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  /** Reads strings with their lengths before them: encoding/binary, Uvarint. */
  private static final class Cursor {

    private final byte[] bytes;
    private int at;

    Cursor(byte[] bytes, int at) {
      this.bytes = bytes;
      this.at = at;
    }

    /** Returns what is there of the next string. */
    String string() {
      long length = 0;
      for (int shift = 0; at < bytes.length && shift < 35; shift += 7) {
        byte next = bytes[at++];
        length |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          break;
        }
      }
      int available = (int) Math.min(length, bytes.length - at);
      // The sentinels are no UTF-8, and one character of this charset is one byte.
      String text = new String(bytes, at, available, StandardCharsets.ISO_8859_1);
      at += available;
      return text;
    }
  }
}
