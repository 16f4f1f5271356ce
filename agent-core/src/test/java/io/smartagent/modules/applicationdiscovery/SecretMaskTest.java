package io.smartagent.modules.applicationdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
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
          app jdbc:mysql://db/x?user=a&password=b&ssl=true | app jdbc:mysql://db/x?user=a&password=***
          env PGPASSWORD=x psql                            | env PGPASSWORD=*** psql
          sh -c mysql_--password=x_db                      | sh -c mysql_--password=***_db
          sh -c app_--token_abc_--port_80                  | sh -c app_--token_***_--port_80
          app {"user":"a","password":"b_c","port":1}       | app {"user":"a","password":***,"port":1}
          app -H Authorization:_Bearer_abcdef              | app -H Authorization:_***
          app eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln    | app ***
          app --password-file=/run/x --secret-dir /run/y   | app --password-file=/run/x --secret-dir /run/y
          app --port 8080 --tokenizer fast                 | app --port 8080 --tokenizer ***
          nginx:_worker_process                            | nginx:_worker_process
          kafka.Kafka /etc/kafka/server.properties         | kafka.Kafka /etc/kafka/server.properties
          """)
  void masksSecretsAndLeavesTheRest(String commandLine, String expected) {
    assertThat(SecretMask.mask(arguments(commandLine))).isEqualTo(arguments(expected));
  }

  /**
   * What people really type; the word "geheim" is in nothing that is shown. "~" stands for a blank.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          app Server=db;Database=x;User~Id=sa;Password=geheim;Encrypt=true   | connection string of .NET
          app Server=db;Uid=sa;Pwd=geheim                                    | its short form
          app Endpoint=sb://x/;SharedAccessKeyName=r;SharedAccessKey=geheim= | Azure Service Bus
          app DefaultEndpointsProtocol=https;AccountName=x;AccountKey=geheim== | Azure Storage
          app https://x.blob.core.windows.net/c?sv=2020&sig=geheim%2B1       | shared access signature
          app host=db~user=app~password=geheim~dbname=x                      | libpq's keywords
          app mongodb+srv://app:geheim@cluster.example/db                    | MongoDB
          app amqp://guest:geheim@mq:5672/vhost                              | RabbitMQ
          app redis://:geheim@cache:6379/0                                   | Redis without a user
          java -jar a.jar --spring.datasource.password=geheim                | Spring
          java -jar a.jar --spring.datasource.url=jdbc:postgresql://db/x?user=a&password=geheim | JDBC
          java -jar a.jar jdbc:oracle:thin:scott/geheim@//db:1521/x          | Oracle's thin driver
          java -jar a.jar jdbc:sqlserver://db;user=sa;password=geheim;encrypt=true | SQL Server
          java -Ddb.password=geheim Main                                     | system property
          java -Djavax.net.ssl.trustStorePassword=geheim Main                | trust store
          java -Dsecret.key=geheim -Dapp.apiKey=geheim Main                  | keys
          curl https://user:geheim@example.com/                              | basic authentication
          curl -u user:geheim https://example.com                            | of curl
          curl -uuser:geheim https://example.com                             | of curl, in one word
          curl --user user:geheim https://example.com                        | of curl, long
          curl --user=user:geheim https://example.com                        | of curl, joined
          curl --proxy-user user:geheim https://example.com                  | of curl's proxy
          curl -H Authorization:~Bearer~geheim https://example.com           | bearer token
          curl -H Authorization:~Basic~geheim https://example.com            | basic token
          curl -H X-Api-Key:~geheim https://example.com                      | header with a key
          curl -H X-Auth-Token:geheim https://example.com                    | header with a token
          curl -H Cookie:~session=geheim https://example.com                 | cookie
          curl -b session=geheim https://example.com                         | cookie of curl
          curl https://example.com/?access_token=geheim&x=1                  | token in a query
          wget --password=geheim https://example.com                         | wget
          wget --http-passwd=geheim https://example.com                      | wget, old
          mysql -uroot -pgeheim                                              | mysql
          mysql -u root -p1234geheim                                         | mysql, digits first
          mysqladmin --password=geheim status                                | mysqladmin
          mysqld --initialize --password geheim                              | two words
          mongo -u root -p geheim                                            | mongo
          mongosh --username root --password geheim                          | mongosh
          psql postgresql://app:geheim@db/x                                  | psql
          psql password=geheim~host=db                                       | psql's keywords
          env PGPASSWORD=geheim psql                                         | env
          env MYSQL_PWD=geheim mysql                                         | env of mysql
          env AWS_SECRET_ACCESS_KEY=geheim aws s3 ls                         | env of AWS
          sh -c PGPASSWORD=geheim~psql~-h~db                                 | assignment in a script
          sh -c export~DB_PASSWORD='geheim';~exec~app                        | quoted in a script
          sh -c export~DB_PASSWORD="ge~geheim";~exec~app                     | with a blank in it
          sh -c mysql~-uroot~-pgeheim~db                                     | mysql in a script
          sh -c curl~-u~user:geheim~https://x                                | curl in a script
          bash -c sshpass~-p~geheim~ssh~host                                 | sshpass in a script
          bash -c redis-cli~-a~geheim~ping                                   | redis-cli in a script
          bash -c docker~login~-u~me~-p~geheim~reg                           | docker in a script
          sshpass -p geheim ssh host                                         | sshpass
          sshpass -pgeheim ssh host                                          | sshpass, in one word
          docker login -u me -p geheim registry                              | docker
          docker login -u me --password geheim registry                      | docker, long
          docker run -e DB_PASSWORD=geheim image                             | variable of a container
          docker run --env=API_TOKEN=geheim image                            | the same, joined
          podman login -p geheim registry                                    | podman
          helm install x --set db.password=geheim                            | helm
          kubectl create secret generic x --from-literal=password=geheim     | kubectl
          redis-cli -a geheim ping                                           | redis-cli
          redis-cli --pass geheim ping                                       | redis-cli, long
          redis-server --requirepass geheim                                  | redis-server
          redis-server --masterauth geheim                                   | its replica
          valkey-cli -a geheim                                               | valkey-cli
          ldapsearch -D cn=admin -w geheim                                   | ldapsearch
          smbclient //host/share -U user%geheim                              | smbclient
          sqlcmd -S db -U sa -P geheim                                       | sqlcmd
          sqlplus scott/geheim@db                                            | sqlplus
          openssl enc -k geheim                                              | openssl
          openssl rsa -passin pass:geheim                                    | openssl's source
          rabbitmqctl add_user app geheim                                    | rabbitmqctl
          etcdctl --user=root:geheim get x                                   | etcdctl
          consul agent -token=geheim                                         | consul
          vault login geheim                                                 | vault
          ansible-playbook -e ansible_password=geheim x.yml                  | ansible
          app --api-key geheim --client-secret=geheim --auth-token geheim    | usual options
          app --PASSWORD=geheim --Api_Key=geheim                             | any case
          app AKIAIOSFODNN7GEHEIM1                                           | AWS key id
          app -----BEGIN~RSA~PRIVATE~KEY-----geheim-----END~RSA~PRIVATE~KEY----- | private key
          app eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJnZWhlaW0ifQ.geheimgeheim       | JWT
          app ghp_geheimgeheimgeheimgeheim123456                             | GitHub token
          app {"db":{"password":"geheim"}}                                   | JSON
          app password:~geheim                                               | YAML
          curl -H Authorization:~Token~geheim https://example.com            | token of Django
          curl -H Authorization:~Splunk~geheim https://example.com           | Splunk
          curl -H Proxy-Authorization:~ApiKey~geheim https://example.com     | of Elasticsearch
          curl -H AUTHORIZATION:GenieKey~geheim https://example.com          | Opsgenie
          curl -H Authorization:~Digest~username="a",~response="geheim" x    | digest
          sh -c curl~-H~"Authorization:~Digest~a=\\"b\\",~response=\\"geheim\\""~x | digest in a script
          env HTTP_AUTHORIZATION=Token~geheim app                            | of CGI
          app {"Authorization":"Token~geheim"}                               | header in JSON
          curl -H Cookie:~a=b;~sid=geheim https://example.com                | second cookie
          app Set-Cookie:~a=b;~Path=/;~sid=geheim                            | cookie of an answer
          app --headers=Cookie:~a=b;~sid=geheim                              | cookie in an option
          app Server=db;User~Id=sa;Password=Pa&geheim                        | ampersand in a value
          app Server=db;User~Id=sa;Password=Pa"geheim'geheim                 | quotes in a value
          app {"password":"a\\"geheim"}                                       | quote in JSON
          sh -c curl~-d~"{\\"password\\":\\"a~geheim\\"}"~x                      | JSON in a script
          app {'password':'a\\'geheim'}                                       | quote in Python
          """)
  void showsNoSecret(String commandLine, String what) {
    String shown =
        String.join(
            " ",
            SecretMask.mask(
                Arrays.stream(commandLine.split(" ", -1))
                    .map(word -> word.replace('~', ' '))
                    .toList()));

    assertThat(shown.toLowerCase(Locale.ROOT)).as(what).doesNotContain("geheim");
    assertThat(shown).as(what).contains(SecretMask.MASK);
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

  /** A process may have as long a command line as it likes. */
  @Test
  void looksOnlyIntoTheStartOfWhatIsLong() {
    String token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.geheim";
    String cutInTheMiddle = "x".repeat(6134) + " " + token;

    assertThat(SecretMask.mask(List.of("python3", cutInTheMiddle)).getLast())
        .hasSize(4097)
        .endsWith("x…")
        .doesNotContain("eyJ");
    assertThat(SecretMask.mask(List.of("python3", "eyJ".repeat(21_845))).getLast())
        .hasSizeLessThan(6145);
    assertThat(SecretMask.mask(Collections.nCopies(9, "y".repeat(6000)))).hasSize(4).endsWith("…");
  }
}
