package io.smartagent.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.mount.MountFlag;
import io.smartagent.kernel.process.ResourceLimits.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A wrong number is another call: compares all of them with the kernel's own headers. */
final class KernelNumbersTest {

  private static final Pattern DEFINE =
      Pattern.compile(
          "#\\s*define\\s+(\\w+)\\s+\\(?(0x[0-9a-fA-F]+|\\d+)(?:\\s*<<\\s*(\\d+))?\\)?.*");

  private static final List<String> X86_64_HEADERS =
      List.of(
          "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
          "/usr/include/asm/unistd_64.h",
          "/usr/x86_64-linux-gnu/include/asm/unistd_64.h");

  @ParameterizedTest
  @EnumSource
  void aSystemCallHasTheNumbersOfTheTable(SystemCall call) throws IOException {
    String name = call.name().toLowerCase(Locale.ROOT);
    String line =
        table().lines().filter(text -> text.startsWith(name + " ")).findFirst().orElseThrow();

    assertThat(line)
        .isEqualTo(
            "%s %d %d", name, call.number(Architecture.X86_64), call.number(Architecture.AARCH64));
  }

  private static String table() throws IOException {
    try (InputStream table =
        Objects.requireNonNull(KernelNumbersTest.class.getResourceAsStream("system-calls.txt"))) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void systemCallsHaveTheNumbersOfTheX86Header() throws IOException {
    String header =
        X86_64_HEADERS.stream()
            .filter(path -> Files.isReadable(Path.of(path)))
            .findFirst()
            .orElse(X86_64_HEADERS.getFirst());
    Map<String, Long> defined = definitions(header);

    for (SystemCall call : SystemCall.values()) {
      assertThat(defined.get("__NR_" + call.name().toLowerCase(Locale.ROOT)))
          .as(call.name())
          .isEqualTo(call.number(Architecture.X86_64));
    }
  }

  @Test
  void systemCallsHaveTheNumbersOfTheGenericHeader() throws IOException {
    Map<String, Long> defined = definitions("/usr/include/asm-generic/unistd.h");

    for (SystemCall call : SystemCall.values()) {
      String name = call.name().toLowerCase(Locale.ROOT);
      // What has a 32-bit and a 64-bit form stands there under a name for both.
      Long both = defined.get("__NR3264_" + (call == SystemCall.NEWFSTATAT ? "fstatat" : name));
      assertThat(both == null ? defined.get("__NR_" + name) : both)
          .as(call.name())
          .isEqualTo(call.number(Architecture.AARCH64));
    }
  }

  @Test
  void errorsHaveTheNumbersOfTheHeader() throws IOException {
    Map<String, Long> defined = definitions("/usr/include/asm-generic/errno-base.h");
    defined.putAll(definitions("/usr/include/asm-generic/errno.h"));

    for (Errno errno : Errno.values()) {
      if (errno != Errno.UNNAMED) {
        assertThat(defined.get(errno.name())).as(errno.name()).isEqualTo(errno.number());
        assertThat(Errno.of(errno.number())).isEqualTo(errno);
      }
    }
  }

  @Test
  void capabilitiesHaveTheNumbersOfTheHeader() throws IOException {
    Map<String, Long> defined = definitions("/usr/include/linux/capability.h");

    for (Capability capability : Capability.values()) {
      assertThat(defined.get(capability.name()))
          .as(capability.name())
          .isEqualTo(capability.number());
    }
  }

  @Test
  void mountFlagsHaveTheBitsOfTheHeader() throws IOException {
    Map<String, Long> defined = definitions("/usr/include/linux/mount.h");

    for (MountFlag flag : MountFlag.values()) {
      assertThat(defined.get(flag.name())).as(flag.name()).isEqualTo(flag.bit());
    }
  }

  @Test
  void resourcesHaveTheNumbersOfTheHeader() throws IOException {
    Map<String, Long> defined = definitions("/usr/include/asm-generic/resource.h");

    for (Resource resource : Resource.values()) {
      assertThat(defined.get(resource.name())).as(resource.name()).isEqualTo(resource.number());
    }
  }

  private static Map<String, Long> definitions(String header) throws IOException {
    Requires.file(header);
    Map<String, Long> defined = new HashMap<>();
    for (String line : Files.readAllLines(Path.of(header))) {
      Matcher matcher = DEFINE.matcher(line);
      if (matcher.matches()) {
        int shift = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        defined.put(matcher.group(1), number(matcher.group(2)) << shift);
      }
    }
    return defined;
  }

  // All 64 bits may be set, as in LSMT_ROOT of Linux 6.8.
  private static long number(String literal) {
    return literal.startsWith("0x")
        ? Long.parseUnsignedLong(literal.substring(2), 16)
        : Long.decode(literal);
  }
}
