package io.smartagent.kernel.linux;

import static io.smartagent.kernel.capability.Capability.CAP_SETGID;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.process.Credentials;
import io.smartagent.kernel.process.UserIds;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LinuxCredentialsTest {

  private final Credentials credentials = new LinuxKernel().credentials();

  @Test
  void changesTheCallingThreadOnly() throws Exception {
    Requires.capabilities(CAP_SETUID, CAP_SETGID);
    UserIds users = credentials.users();
    UserIds groups = credentials.groups();
    String mainUid = ProcStatus.ofMainThread().field("Uid");
    String mainGid = ProcStatus.ofMainThread().field("Gid");
    ThrowAwayThread.run(() -> {
      credentials.setSupplementaryGroups(List.of(7, 5, 100_000));
      credentials.setGroup(1234);
      credentials.setUser(4321);

      assertThat(credentials.users()).isEqualTo(new UserIds(4321, 4321, 4321));
      assertThat(credentials.groups()).isEqualTo(new UserIds(1234, 1234, 1234));
      assertThat(credentials.supplementaryGroups()).containsExactly(5, 7, 100_000);
      assertThat(ProcStatus.ofThisThread().field("Uid")).isEqualTo("4321\t4321\t4321\t4321");
      assertThat(ProcStatus.ofThisThread().field("Gid")).isEqualTo("1234\t1234\t1234\t1234");
      assertThat(ProcStatus.ofThisThread().field("Groups")).isEqualTo("5 7 100000");
      assertThat(ProcStatus.ofMainThread().field("Uid")).isEqualTo(mainUid);
      assertThat(ProcStatus.ofMainThread().field("Gid")).isEqualTo(mainGid);
    });
    assertThat(credentials.users()).isEqualTo(users);
    assertThat(credentials.groups()).isEqualTo(groups);
  }

  @Test
  void takesNoGroupsAndVeryManyGroups() throws Exception {
    Requires.capabilities(CAP_SETGID);
    ThrowAwayThread.run(() -> {
      credentials.setSupplementaryGroups(List.of());
      assertThat(credentials.supplementaryGroups()).isEmpty();

      List<Integer> many = IntStream.range(0, 65_536).boxed().toList();
      credentials.setSupplementaryGroups(many);
      assertThat(credentials.supplementaryGroups()).isEqualTo(many);
    });
  }

  @Test
  void takesTheHighestIds() throws Exception {
    Requires.capabilities(CAP_SETUID, CAP_SETGID);
    int highest = Integer.parseUnsignedInt("4294967294");
    ThrowAwayThread.run(() -> {
      credentials.setGroup(highest);
      credentials.setUser(highest);

      assertThat(ProcStatus.ofThisThread().field("Uid")).startsWith("4294967294\t");
      assertThat(credentials.users().all(highest)).isTrue();
    });
  }

  /** For setresuid(2), -1 means "as it is": the launcher would stay root and not notice. */
  @Test
  void refusesTheIdThatMeansNoChange() throws Exception {
    ThrowAwayThread.run(() -> {
      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(() -> credentials.setUser(-1))
          .withMessage("setresuid(4294967295): EINVAL (Invalid argument)");
      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(() -> credentials.setGroup(-1))
          .withMessage("setresgid(4294967295): EINVAL (Invalid argument)");
    });
  }

  @Test
  void refusesAnotherUserWithoutSetuid() throws Exception {
    Requires.capabilities(CAP_SETUID, CAP_SETGID);
    ThrowAwayThread.run(() -> {
      credentials.setUser(1234);

      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(() -> credentials.setUser(0))
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(() -> credentials.setSupplementaryGroups(List.of()))
          .withMessage("setgroups([]): EPERM (Operation not permitted)");
    });
  }
}
