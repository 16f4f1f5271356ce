package io.smartagent.modules.applicationdiscovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What compiler and linker have written into an executable.
 *
 * @param language that it was compiled from; null where they do not tell
 * @param languageVersion of the compiler; null where it is unknown
 * @param entryPoint main package; null where it is unknown
 * @param version of the main module; null where it is unknown
 */
record ExecutableBuild(
    @Nullable Language language,
    @Nullable Version languageVersion,
    @Nullable String entryPoint,
    @Nullable Version version) {

  /** Of an executable that tells nothing. */
  static final ExecutableBuild NONE = new ExecutableBuild(null, null, null, null);

  private static final int BUILD_INFO_AT_MOST = 524_288;
  private static final int COMMENT_AT_MOST = 4096;

  /** rustc's mark in the comment section, since 1.73; LLVM's and gcc's are there too. */
  private static final Pattern RUST = Pattern.compile("rustc version ([0-9][\\w.+-]{0,40})");

  /** Returns what the file at {@code path} tells. */
  static ExecutableBuild read(Path path) {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      return of((offset, length) -> at(file, offset, length));
    } catch (IOException unreadable) {
      return NONE;
    }
  }

  private static byte[] at(FileChannel file, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, offset + buffer.position()) < 0) {
        break;
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static ExecutableBuild of(ElfSections.Source file) throws IOException {
    ElfSections sections = ElfSections.of(file);
    if (sections == null) {
      return NONE;
    }
    byte[] section = sections.find(".go.buildinfo", BUILD_INFO_AT_MOST);
    GoBuildInfo go = section == null ? null : GoBuildInfo.parse(section);
    if (go != null) {
      return new ExecutableBuild(Language.GO, go.goVersion(), go.path(), go.version());
    }
    byte[] comment = sections.find(".comment", COMMENT_AT_MOST);
    if (comment == null) {
      return NONE;
    }
    Matcher rust = RUST.matcher(new String(comment, StandardCharsets.ISO_8859_1));
    return rust.find()
        ? new ExecutableBuild(
            Language.RUST, Version.of(rust.group(1), Version.Origin.EXECUTABLE), null, null)
        : NONE;
  }
}
