package io.smartagent.modules.applicationdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.modules.applicationdiscovery.Software.Role;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SoftwareRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          /usr/bin/java              | java -Xmx1g -cp a:b com.example.Main x           | -             | Java    | com.example.Main
          /usr/bin/java              | java -jar /srv/app.jar --port 1                  | -             | Java    | /srv/app.jar
          /usr/bin/java              | java -p mods -m com.example/com.example.Main     | -             | Java    | com.example/com.example.Main
          /usr/bin/java              | java --module=com.example/com.example.Main       | -             | Java    | com.example/com.example.Main
          /usr/bin/java              | java @args Main                                  | -             | Java    | Main
          /usr/bin/java              | java -version                                    | -             | Java    | -
          /usr/bin/java              | java -Xmx1G kafka.Kafka server.properties        | Apache Kafka  | Java    | kafka.Kafka
          /usr/share/es/jdk/bin/java | java -Xms1g org.elasticsearch.bootstrap.Elasticsearch | Elasticsearch | Java | org.elasticsearch.bootstrap.Elasticsearch
          /opt/lib/ld-linux-x86-64.so.2 | ld-linux-x86-64.so.2 --library-path /opt/lib /opt/bin/java -cp x io.smartagent.cli.Main | SmartAgent | Java | io.smartagent.cli.Main
          /usr/bin/node              | node --require ./trace.js --max-old-space-size=100 server.js | -  | Node.js | server.js
          /usr/bin/node              | node -e console.log(1)                           | -             | Node.js | -
          /usr/bin/python3.11        | python3 -u -m http.server 80                     | -             | Python  | http.server
          /usr/bin/python3.11        | python3 -um http.server                          | -             | Python  | http.server
          /usr/bin/python3.11        | python3 -mhttp.server 80                         | -             | Python  | http.server
          /usr/bin/python3.11        | python3 -W ignore -X dev /srv/x.py               | -             | Python  | /srv/x.py
          /usr/bin/python3.11        | python3 -c import_os                             | -             | Python  | -
          /usr/bin/python3.11        | /usr/bin/python3 /usr/bin/gunicorn app:app       | Gunicorn      | Python  | /usr/bin/gunicorn
          /usr/local/bin/ruby        | ruby -I lib bin/rails server                     | -             | Ruby    | bin/rails
          /usr/bin/php8.2            | php -d x=1 artisan queue:work                    | -             | PHP     | artisan
          /usr/sbin/php-fpm8.2       | php-fpm: master process                          | PHP-FPM       | PHP     | -
          /usr/bin/dotnet            | dotnet exec --depsfile a.json /app/Web.dll       | -             | .NET    | /app/Web.dll
          /usr/lib/erlang/beam.smp   | beam.smp -W w -s rabbit boot                     | RabbitMQ      | Erlang  | -
          /usr/sbin/nginx            | nginx: master process /usr/sbin/nginx            | nginx         | C       | -
          /usr/bin/redis-check-rdb   | /usr/bin/redis-server 127.0.0.1:6379             | Redis         | C       | -
          /usr/sbin/mariadbd         | /usr/sbin/mariadbd                               | MariaDB       | C++     | -
          /usr/lib/postgresql/15/bin/postgres | postgres: checkpointer                  | PostgreSQL    | C       | -
          /usr/bin/containerd        | containerd                                       | containerd    | Go      | -
          -                          | /usr/sbin/apache2 -k start                       | Apache HTTP Server | C  | -
          -                          | nginx: worker process                            | nginx         | C       | -
          -                          | -                                                | -             | -       | -
          """)
  void recognises(
      @Nullable String executable,
      @Nullable String commandLine,
      @Nullable String product,
      @Nullable String language,
      @Nullable String entryPoint) {
    Software software = SoftwareRules.of(executable, commandLine(commandLine), "comm");

    assertThat(software.product()).isEqualTo(product);
    assertThat(software.language() == null ? null : software.language().id()).isEqualTo(language);
    assertThat(software.entryPoint()).isEqualTo(entryPoint);
  }

  @Test
  void believesTheExecutableMoreThanWhatTheProcessCallsItself() {
    Software software =
        SoftwareRules.of("/tmp/miner", commandLine("nginx: worker process"), "nginx");

    assertThat(software.name()).isEqualTo("miner");
    assertThat(software.role()).isEqualTo(Role.UNRECOGNISED);
  }

  @Test
  void namesAProcessByItsCommandWhereNothingElseIsKnown() {
    assertThat(SoftwareRules.of(null, CommandLine.UNKNOWN, "postgres").product())
        .isEqualTo("PostgreSQL");
    assertThat(SoftwareRules.of("/memfd:payload", CommandLine.UNKNOWN, "stage2").name())
        .isEqualTo("stage2");
    assertThat(SoftwareRules.of("/bin/busybox", commandLine("httpd -f"), "httpd"))
        .matches(software -> software.name().equals("httpd") && software.product() == null);
    assertThat(SoftwareRules.of(null, commandLine("-bash"), "bash").name()).isEqualTo("bash");
  }

  @Test
  void masksASecretInAnEntryPoint() {
    CommandLine line =
        new CommandLine(List.of("node", "https://user:geheim@host/server.js"), false);

    assertThat(SoftwareRules.of("/usr/bin/node", line, "node").entryPoint())
        .isEqualTo("https://user:***@host/server.js");
  }

  private static CommandLine commandLine(@Nullable String words) {
    return words == null
        ? CommandLine.UNKNOWN
        : new CommandLine(Arrays.asList(words.split(" ", -1)), false);
  }
}
