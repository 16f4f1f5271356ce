package io.smartagent.modules.logdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.modules.logdiscovery.LogRules.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/var/log/syslog",
        "/var/log/messages",
        "/var/log/nginx/access.log",
        "/opt/tomcat/logs/catalina.out",
        "/opt/tomcat/logs/localhost_access_log.2026-03-01.txt",
        "/opt/tomcat/logs/catalina.2026-03-01.log",
        "/srv/app/app.log",
        "/srv/app/app.log.1",
        "/srv/app/app.log.2026-03-01",
        "/srv/app/app.log-20260301",
        "/srv/app/APP.LOG",
        "/srv/app/server.err",
        "/usr/local/apache2/logs/error_log",
        "/root/nohup.out",
        "/dev/shm/app.log",
        "/srv/with\nnewline.log",
        "/srv/with,comma and \uFFFD.log",
        "/var/log/pods/web_shop-1_0b7e6a4c/shop/0.log",
        "/var/lib/containers/storage/overlay-containers/x/userdata/ctr.log"
      })
  void knowsLogsByTheirNames(String path) {
    assertThat(LogRules.judge(path)).isEqualTo(Verdict.LOG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/var/lib/kafka/topic-0/00000000000000000000.log",
        "/var/lib/leveldb/000003.log",
        "/var/lib/mysql/ib_logfile0",
        "/var/lib/mysql/binlog.000012",
        "/var/lib/mysql/mysql-bin.000012",
        "/var/lib/mysql/#ib_redo10",
        "/var/lib/postgresql/16/main/pg_wal/0000000100000000000000A1",
        "/data/db/journal/WiredTigerLog.0000000001",
        "/var/lib/app/app.db-wal",
        "/var/lib/app/app.sqlite3",
        "/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal",
        "/var/log/journal/0123456789abcdef0123456789abcdef/system.journal",
        "/var/log/wtmp",
        "/var/log/btmp",
        "/var/log/lastlog",
        "/var/log/app.log.gz",
        "/run/app.pid",
        "/var/lib/redis/appendonly.aof",
        "/run/lock/app.lock",
        "/home/me/.bash_history",
        "/tmp/app.log (deleted)",
        "/dev/null",
        "/dev/pts/0",
        "/memfd:app.log (deleted)",
        "/proc/1/environ",
        "socket:[4711]",
        "pipe:[4711]",
        "anon_inode:[eventpoll]",
        ""
      })
  void leavesOutWhatIsNone(String path) {
    assertThat(LogRules.judge(path)).isEqualTo(Verdict.NONE);
  }

  @Test
  void asksTheContentWhereTheNameSaysNothing() {
    assertThat(LogRules.judge("/var/log/app/current")).isEqualTo(Verdict.LOG_IF_TEXT);
    assertThat(LogRules.judge("/opt/app/logs/trail")).isEqualTo(Verdict.LOG_IF_TEXT);
    assertThat(LogRules.judge("/opt/app/trail")).isEqualTo(Verdict.LOG_IF_APPENDED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app.log.1",
        "app.log.12",
        "app.log-20260301",
        "app.log.2026-03-01",
        "app.1.log",
        "syslog.2.gz",
        "0.log.20260301-101530",
        "app.log.old"
      })
  void knowsWhatARotationLeavesBehind(String name) {
    assertThat(LogRules.isRotated(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"app.log", "syslog", "access_log", "app1.log", "web01"})
  void takesNoLogForARotatedOne(String name) {
    assertThat(LogRules.isRotated(name)).isFalse();
  }

  @Test
  void leavesOutAPathThatIsTooLong() {
    String start = "/srv/" + "d".repeat(1000) + "/";

    assertThat(LogRules.judge(start + "abcdefghijklmn.log")).isEqualTo(Verdict.LOG);
    assertThat(LogRules.judge(start + "abcdefghijklmno.log")).isEqualTo(Verdict.NONE);
  }
}
