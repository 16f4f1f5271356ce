package io.smartagent.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.host.HostUsers.BrokenLine;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostUsersTest {

  private static final String NOBODY = "nobody:x:65534:65534:nobody:/nonexistent:/bin/false";

  private static HostUsers users(String passwd) {
    return new HostUsers(passwd, "");
  }

  @Test
  void findsAnAccountByNameAndNumber() {
    HostUser nobody = new HostUser("nobody", 65534, 65534, List.of(65534), "/nonexistent");

    assertThat(users(NOBODY).byName("nobody")).contains(nobody);
    assertThat(users(NOBODY).byUid(65534)).contains(nobody);
    assertThat(users(NOBODY).byName("nobod")).isEmpty();
    assertThat(users(NOBODY).byUid(65533)).isEmpty();
    assertThat(users("").byName("")).isEmpty();
  }

  @Test
  void takesTheFirstOfTwo() {
    HostUsers users = users("a:x:1:1::/first:\na:x:2:2::/second:\nb:x:1:3::/third:\n");

    assertThat(users.byName("a")).map(HostUser::home).contains("/first");
    assertThat(users.byUid(1)).map(HostUser::home).contains("/first");
  }

  @Test
  void findsAllGroupsOfAUserInTheOrderOfUnsignedNumbers() {
    HostUsers users =
        new HostUsers(
            NOBODY,
            """
            high:x:4294967294:nobody
            not-me:x:5:nobody2,anobody
            docker:x:998:a,nobody,b
            broken:x:y:nobody
            short:x:7
            adm:x:4:nobody
            nogroup:x:65534:nobody
            """);

    assertThat(users.byName("nobody")).map(HostUser::groups).contains(List.of(4, 998, 65534, -2));
  }

  @Test
  void findsAGroupByNameOrTakesItsNumber() {
    HostUsers users = new HostUsers("", "adm:x:4:\nadm:x:5:\nbad:x:x:\n");

    assertThat(users.gid("adm")).contains(4);
    assertThat(users.gid("4294967294")).contains(-2);
    assertThat(users.gid("4294967295")).isEmpty();
    assertThat(users.gid("bad")).isEmpty();
    assertThat(users.gid("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nobody",
        "nobody:x:65534:65534:nobody:/nonexistent",
        "nobody:x:65534:65534:nobody:/nonexistent:/bin/false:more",
        "nobody:x:-1:65534:::",
        "nobody:x:65534:-1:::",
        "nobody:x:4294967295:65534:::",
        "nobody:x:65534:4294967295:::",
        "nobody:x:99999999999999999999:1:::",
        "nobody:x::65534:::",
        "nobody:x:0x0:0:::",
        "nobody:x: 0:0:::",
        "nobody:x:+1:1:::",
        "nobody:x:\u0661:1:::"
      })
  void takesNoAccountFromABrokenLine(String line) {
    assertThat(users(line).byName("nobody")).isEmpty();
    assertThat(users(line).brokenLines()).containsExactly(new BrokenLine(1, "nobody"));
  }

  @Test
  void namesBrokenLinesButNotThoseOfNis() {
    HostUsers users =
        users("# comment\n\n" + NOBODY + "\n+::::::\n+@admins::::::\n-joe\n  \nx:y\n:x:1:1:::\n");

    assertThat(users.brokenLines()).containsExactly(new BrokenLine(8, "x"), new BrokenLine(9, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\u0085", "\u2028", "\u000b", "\f"})
  void ignoresAccountsInAFullName(String separator) {
    String passwd = "joe:x:1000:1000:Joe" + separator + "toor:x:0:0::/:/bin/sh\n" + NOBODY;

    assertThat(users(passwd).byName("toor")).isEmpty();
    assertThat(users(passwd).byUid(0)).isEmpty();
    assertThat(users(passwd).byName("nobody")).isPresent();
  }

  @Test
  void readsAFileFromAnotherSystemsEditor() {
    assertThat(users(NOBODY + "\r\n").byName("nobody")).isPresent();
  }

  @Test
  void findsTheLastOfTenThousand() {
    String passwd =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "user" + i + ":x:" + (1000 + i) + ":1000::/home/user" + i + ":/bin/sh")
            .collect(Collectors.joining("\n"));
    String group =
        "all:x:100:" + passwd.lines().map(l -> l.split(":", 2)[0]).collect(Collectors.joining(","));
    HostUsers users = new HostUsers(passwd, group);

    assertThat(users.byName("user9999")).map(HostUser::groups).contains(List.of(100, 1000));
    assertThat(users.byUid(10_999)).map(HostUser::name).contains("user9999");
    assertThat(users.brokenLines()).isEmpty();
  }

  /** As glibc's parser: blanks before a member are skipped, what follows one is a part of him. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "g:x:7:agent",
        "g:x:7: agent",
        "g:x:7:other,\tagent,more",
        "g:!:7:agent,agent",
        "g::7:,,agent,",
        "g:x:7:agent,odd:member"
      })
  void findsAMemberAmongOddOnes(String line) {
    HostUsers users = new HostUsers("agent:x:5:5:::", "first:x:6:\n" + line);

    assertThat(users.byName("agent")).map(HostUser::groups).contains(List.of(5, 7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "g:x:7:agent ",
        "g:x:7:agents",
        "g:x:7:an agent",
        "g:x:7:agent;other",
        "g:x:7",
        "agent:x:7:",
        "g:x:4294967295:agent"
      })
  void ignoresMembersThatAreNone(String line) {
    HostUsers users = new HostUsers("agent:x:5:5:::", line + "\n");

    assertThat(users.byName("agent")).map(HostUser::groups).contains(List.of(5));
  }

  @Test
  void findsAMemberAtTheEndOfAVeryLongLine() {
    String many = "another-member,".repeat(100_000);
    HostUsers users = new HostUsers("agent:x:5:5:::", "g:x:7:" + many + "agent");

    assertThat(users.byName("agent")).map(HostUser::groups).contains(List.of(5, 7));
  }

  @Test
  void collectsTheIdsOfUsersAndGroups() {
    HostUsers users =
        new HostUsers(
            "a:x:999:998:::\nbig:x:1000:1000:::\nbroken:x:997\n", "g:x:996:\nh:x:x:\nshort:x:995");

    assertThat(users.idsBelow(1000).stream()).containsExactly(995, 996, 997, 998, 999);
  }
}
