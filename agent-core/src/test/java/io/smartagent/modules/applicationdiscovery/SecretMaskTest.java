package io.smartagent.modules.applicationdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecretMaskTest {

  /** Arguments are separated by a blank; "_" within one stands for a blank. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          app --password=s3cret -v                         | app --password=*** -v
          app --password s3cret -v                         | app --password *** -v
          app --db-passwd=s3cret                           | app --db-passwd=***
          app --dbPass s3cret                              | app --dbPass ***
          app --password=two_words                         | app --password=***
          app --api-key=k1 --apiKey k2 --apikey k3        | app --api-key=*** --apiKey *** --apikey ***
          app --client-secret x --auth-token=y             | app --client-secret *** --auth-token=***
          app --password --verbose                         | app --password --verbose
          app --password -dash                             | app --password ***
          java -Djavax.net.ssl.keyStorePassword=x -jar a.jar | java -Djavax.net.ssl.keyStorePassword=*** -jar a.jar
          java -Dspring.datasource.password=x Main         | java -Dspring.datasource.password=*** Main
          mysql -uroot -pGeheim db                         | mysql -uroot -p*** db
          /usr/bin/mysqldump -psecret                      | /usr/bin/mysqldump -p***
          app -pS3cret                                     | app -p***
          ssh -p2222 host                                  | ssh -p2222 host
          mkdir -p /var/lib                                | mkdir -p /var/lib
          tar -pxf a.tar                                   | tar -pxf a.tar
          sshpass -p geheim ssh host                       | sshpass -p *** ssh host
          redis-cli -a geheim ping                         | redis-cli -a *** ping
          redis-server --requirepass geheim                | redis-server --requirepass ***
          curl -u user:geheim https://x                    | curl -u user:*** https://x
          curl https://user:geheim@host/path               | curl https://user:***@host/path
          curl https://user:g@heim@host/path               | curl https://user:***@host/path
          git clone https://ghpXabcdefghijklmnopqrstuvwxyz@github.com/x | git clone https://***@github.com/x
          app postgres://u:p@db:5432/x?sslmode=require     | app postgres://u:***@db:5432/x?sslmode=require
          app jdbc:mysql://db/x?user=a&password=b&ssl=true | app jdbc:mysql://db/x?user=a&password=***&ssl=true
          env PGPASSWORD=x psql                            | env PGPASSWORD=*** psql
          sh -c mysql_--password=x_db                      | sh -c mysql_--password=***_db
          sh -c app_--token_abc_--port_80                  | sh -c app_--token_***_--port_80
          app {"user":"a","password":"b_c","port":1}       | app {"user":"a","password":***,"port":1}
          app -H Authorization:_Bearer_abcdef              | app -H Authorization:_***_***
          app eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln    | app ***
          app --password-file=/run/x --secret-dir /run/y   | app --password-file=/run/x --secret-dir /run/y
          app --port 8080 --tokenizer fast                 | app --port 8080 --tokenizer ***
          nginx:_worker_process                            | nginx:_worker_process
          kafka.Kafka /etc/kafka/server.properties         | kafka.Kafka /etc/kafka/server.properties
          """)
  void masksSecretsAndLeavesTheRest(String commandLine, String expected) {
    assertThat(SecretMask.mask(arguments(commandLine))).isEqualTo(arguments(expected));
  }

  @Test
  void keepsTheNumberOfArgumentsWhateverTheyHold() {
    List<String> odd = List.of("", "--password", "", "a\nb", "=", "--=", "://:@", "\u0000", "🔑=x");

    assertThat(SecretMask.mask(odd)).hasSameSizeAs(odd);
    assertThat(SecretMask.mask(List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a",
    "-",
    "=",
    ":",
    "a=",
    "a:",
    "://a:",
    "--a ",
    "eyJaaaaaaaa.",
    "Bearer ",
    "'",
    "\"a"
  })
  void answersSoonForHostileText(String piece) {
    String text = piece.repeat(65536 / piece.length());

    Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> SecretMask.mask(List.of("app", text, text)));
  }

  private static List<String> arguments(String words) {
    return Arrays.stream(words.split(" ", -1)).map(word -> word.replace('_', ' ')).toList();
  }
}
