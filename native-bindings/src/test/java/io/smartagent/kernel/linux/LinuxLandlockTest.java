package io.smartagent.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.security.AccessRight;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the kernel that is there, each time on a thread that ends with what it has given up. */
final class LinuxLandlockTest {

  private static final CapabilitySet NONE = CapabilitySet.NONE;

  private final LinuxKernel kernel = new LinuxKernel();

  @TempDir private Path allowed;
  @TempDir private Path other;

  @BeforeEach
  void requireLandlock() throws Exception {
    try {
      assertThat(kernel.landlock().abi()).isPositive();
    } catch (ErrnoException e) {
      assumeTrue(false, () -> "skipped: " + e.getMessage());
    }
  }

  private void restricted(ThrowAwayThread.Body body) throws Exception {
    ThrowAwayThread.run(() -> {
      kernel.capabilities().setNoNewPrivileges();
      Set<AccessRight> handled = AccessRight.knownTo(kernel.landlock().abi());
      try (Descriptor ruleset = kernel.landlock().createRuleset(handled);
          Descriptor place = kernel.filesystem().openDirectory(allowed.toString())) {
        Set<AccessRight> rights = EnumSet.copyOf(handled);
        rights.remove(AccessRight.MAKE_CHAR);
        kernel.landlock().allowBeneath(ruleset, place, rights);
        kernel.landlock().restrictSelf(ruleset);
      }
      body.run();
    });
  }

  private static void assertFails(Errno errno, ThrowingCallable body) {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(body)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void deniesToWriteOutsideOfWhatIsAllowedEvenToRoot() throws Exception {
    Path file = Files.writeString(other.resolve("file"), "kept");
    restricted(() -> {
      assertFails(Errno.EACCES, () -> kernel.filesystem().tryMakeDirectory(other + "/made"));
      assertFails(Errno.EACCES, () -> kernel.filesystem().tryOpenForWriting(file.toString()));
      assertThat(file).hasContent("kept");
    });
    assertThatCode(() -> kernel.filesystem().tryOpenForWriting(file.toString()))
        .as("another thread")
        .doesNotThrowAnyException();
  }

  @Test
  void allowsBeneathAPlaceWhatItsRuleNames() throws Exception {
    Path file = Files.writeString(allowed.resolve("file"), "");
    restricted(() -> {
      kernel.filesystem().tryMakeDirectory(allowed + "/made");
      kernel.filesystem().tryOpenForWriting(file.toString());
      assertFails(Errno.EACCES, () -> kernel.syscallProbes().makeDevice(allowed + "/device"));
    });
  }

  @Test
  void tellsADeviceThatLandlockForbidsFromOneThatNobodyMayMake() throws Exception {
    Requires.root();
    ThrowAwayThread.run(() -> {
      kernel.capabilities().set(NONE, NONE, NONE);
      assertFails(Errno.EPERM, () -> kernel.syscallProbes().makeDevice(allowed + "/device"));
    });
  }

  @Test
  void needsNoNewPrivilegesOrSysAdmin() throws Exception {
    ThrowAwayThread.run(() -> {
      kernel.capabilities().set(NONE, NONE, NONE);
      try (Descriptor ruleset =
          kernel.landlock().createRuleset(EnumSet.of(AccessRight.WRITE_FILE))) {
        assertFails(Errno.EPERM, () -> kernel.landlock().restrictSelf(ruleset));
      }
    });
  }

  @Test
  void refusesWhatMakesNoSenseForAFile() throws Exception {
    Path file = Files.writeString(other.resolve("file"), "");
    Set<AccessRight> handled = EnumSet.of(AccessRight.WRITE_FILE, AccessRight.MAKE_DIR);
    try (Descriptor ruleset = kernel.landlock().createRuleset(handled);
        Descriptor place = kernel.filesystem().locate(file.toString())) {
      assertFails(Errno.EINVAL, () -> kernel.landlock().allowBeneath(ruleset, place, handled));
      kernel.landlock().allowBeneath(ruleset, place, EnumSet.of(AccessRight.WRITE_FILE));
    }
  }

  @Test
  void triesItOnAThreadThatEnds() throws Exception {
    ThrowAwayThread.run(() -> {
      kernel.syscallProbes().landlock();
      assertThat(kernel.capabilities().noNewPrivileges()).isTrue();
      assertFails(Errno.EACCES, () -> kernel.filesystem().tryOpenForWriting("/dev/null"));
    });
    assertThat(kernel.capabilities().noNewPrivileges()).isFalse();
  }

  @Test
  void knowsTheRightsOfEachVersion() {
    assertThat(AccessRight.knownTo(1))
        .doesNotContain(AccessRight.REFER, AccessRight.TRUNCATE)
        .hasSize(10);
    assertThat(AccessRight.knownTo(2)).contains(AccessRight.REFER).hasSize(11);
    assertThat(AccessRight.knownTo(7)).containsExactlyInAnyOrder(AccessRight.values());
  }
}
