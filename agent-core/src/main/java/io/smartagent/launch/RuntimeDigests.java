package io.smartagent.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an image's runtime consists of: the files that its SHA256SUMS lists, as sha256sum(1) writes
 * it, and their digests.
 */
public final class RuntimeDigests {

  /** The name of the list in the runtime's directory. */
  public static final String FILE_NAME = "SHA256SUMS";

  private static final int DIGEST_LENGTH = 64;
  private static final int ID_LENGTH = 16;

  private final byte[] text;
  private final Map<String, String> files;

  private RuntimeDigests(byte[] text, Map<String, String> files) {
    this.text = text;
    this.files = files;
  }

  /**
   * Reads a list.
   *
   * @throws IOException if it is invalid
   */
  static RuntimeDigests parse(byte[] text) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String line : new String(text, StandardCharsets.UTF_8).split("\n", -1)) {
      if (!line.isEmpty()) {
        // A digest, a space, a space or an asterisk, a path.
        if (line.length() < DIGEST_LENGTH + 3) {
          throw new IOException("no line of " + FILE_NAME + ": " + line);
        }
        files.put(line.substring(DIGEST_LENGTH + 2), line.substring(0, DIGEST_LENGTH));
      }
    }
    return new RuntimeDigests(text.clone(), files);
  }

  /** Returns a name for the runtime with this list that no other one has. */
  public static String idOf(byte[] text) {
    return hex(sha256().digest(text)).substring(0, ID_LENGTH);
  }

  /** Returns whether {@code name} is one that {@link #idOf} gives. */
  static boolean isId(String name) {
    if (name.length() != ID_LENGTH) {
      return false;
    }
    for (int i = 0; i < ID_LENGTH; i++) {
      if (Character.digit(name.charAt(i), ID_LENGTH) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the list as it was read. */
  byte[] text() {
    return text.clone();
  }

  /**
   * Returns the digests in hexadecimal, by the paths of the files below the runtime's directory.
   */
  Map<String, String> files() {
    return files;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }
}
