package io.smartagent.modules.applicationdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A row for each product: how it is started, what it is, and what that tells of its version. */
final class SoftwareCatalogTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          /usr/sbin/nginx                      | nginx: master process nginx                | nginx                    | C       | -       | -
          /usr/local/openresty/nginx/sbin/nginx | nginx                                     | nginx                    | C       | -       | -
          /usr/sbin/apache2                    | /usr/sbin/apache2 -k start                 | Apache HTTP Server       | C       | -       | -
          /usr/local/apache2/bin/httpd         | httpd -DFOREGROUND                         | Apache HTTP Server       | C       | -       | -
          /usr/sbin/lighttpd                   | lighttpd -D                                | lighttpd                 | C       | -       | -
          /usr/sbin/haproxy                    | haproxy -W -db                             | HAProxy                  | C       | -       | -
          /usr/local/bin/envoy                 | envoy -c /etc/envoy.yaml                   | Envoy                    | C++     | -       | -
          /usr/sbin/varnishd                   | varnishd -F                                | Varnish                  | C       | -       | -
          /usr/sbin/squid                      | squid -N                                   | Squid                    | C++     | -       | -
          /usr/local/bin/traefik               | traefik                                    | Traefik                  | Go      | -       | -
          /usr/bin/caddy                       | caddy run                                  | Caddy                    | Go      | -       | -
          /usr/lib/linkerd/linkerd2-proxy      | linkerd2-proxy                             | Linkerd                  | Rust    | -       | -
          /usr/bin/uwsgi-core                  | uwsgi --ini x                              | uWSGI                    | Python  | -       | -
          /usr/sbin/mariadbd                   | mariadbd                                   | MariaDB                  | C++     | -       | -
          /usr/sbin/mysqld                     | mysqld                                     | MySQL                    | C++     | -       | -
          /usr/lib/postgresql/15/bin/postgres  | postgres -D /var/lib                       | PostgreSQL               | C       | 15      | -
          /usr/pgsql-16/bin/postmaster         | postmaster                                 | PostgreSQL               | C       | 16      | -
          /usr/sbin/pgbouncer                  | pgbouncer                                  | PgBouncer                | C       | -       | -
          /usr/bin/redis-server                | redis-server *:6379                        | Redis                    | C       | -       | -
          /usr/bin/valkey-server               | valkey-server *:6379                       | Valkey                   | C       | -       | -
          /usr/bin/memcached                   | memcached -m 64                            | Memcached                | C       | -       | -
          /usr/bin/mongod                      | mongod --bind_ip_all                       | MongoDB                  | C++     | -       | -
          /usr/bin/mongos                      | mongos                                     | MongoDB                  | C++     | -       | -
          /usr/bin/clickhouse                  | clickhouse-server                          | ClickHouse               | C++     | -       | -
          /usr/bin/influxd                     | influxd                                    | InfluxDB                 | Go      | -       | -
          /cockroach/cockroach                 | cockroach start                            | CockroachDB              | Go      | -       | -
          /usr/bin/minio                       | minio server /data                         | MinIO                    | Go      | -       | -
          /u01/app/bin/oracle                  | ora_pmon_X                                 | Oracle Database          | C       | -       | -
          /opt/mssql/bin/sqlservr              | sqlservr                                   | Microsoft SQL Server     | C++     | -       | -
          /opt/ibm/db2/adm/db2sysc             | db2sysc                                    | IBM Db2                  | C       | -       | -
          /nats-server                         | nats-server                                | NATS                     | Go      | -       | -
          /usr/local/bin/etcd                  | etcd                                       | etcd                     | Go      | -       | -
          /usr/bin/kubelet                     | kubelet                                    | kubelet                  | Go      | -       | -
          /usr/local/bin/kube-apiserver        | kube-apiserver                             | kube-apiserver           | Go      | -       | -
          /usr/local/bin/kube-controller-manager | kube-controller-manager                  | kube-controller-manager  | Go      | -       | -
          /usr/local/bin/kube-scheduler        | kube-scheduler                             | kube-scheduler           | Go      | -       | -
          /usr/local/bin/kube-proxy            | kube-proxy                                 | kube-proxy               | Go      | -       | -
          /usr/local/bin/k3s                   | k3s server                                 | K3s                      | Go      | -       | -
          /coredns                             | /coredns -conf x                           | CoreDNS                  | Go      | -       | -
          /usr/bin/cilium-agent                | cilium-agent                               | Cilium                   | Go      | -       | -
          /bin/calico-node                     | calico-node                                | Calico                   | Go      | -       | -
          /opt/bin/flanneld                    | flanneld                                   | flannel                  | Go      | -       | -
          /usr/bin/containerd                  | containerd                                 | containerd               | Go      | -       | -
          /usr/bin/dockerd                     | dockerd                                    | Docker Engine            | Go      | -       | -
          /usr/bin/crio                        | crio                                       | CRI-O                    | Go      | -       | -
          /bin/prometheus                      | prometheus                                 | Prometheus               | Go      | -       | -
          /bin/alertmanager                    | alertmanager                               | Alertmanager             | Go      | -       | -
          /bin/node_exporter                   | node_exporter                              | Prometheus Node Exporter | Go      | -       | -
          /usr/share/grafana/bin/grafana       | grafana server                             | Grafana                  | Go      | -       | -
          /usr/bin/loki                        | loki                                       | Loki                     | Go      | -       | -
          /otelcol-contrib                     | otelcol-contrib                            | OpenTelemetry Collector  | Go      | -       | -
          /bin/consul                          | consul agent                               | Consul                   | Go      | -       | -
          /bin/vault                           | vault server                               | Vault                    | Go      | -       | -
          /bin/nomad                           | nomad agent                                | Nomad                    | Go      | -       | -
          /fluent-bit/bin/fluent-bit           | fluent-bit                                 | Fluent Bit               | C       | -       | -
          /usr/bin/vector                      | vector                                     | Vector                   | Rust    | -       | -
          /usr/sbin/zabbix_agentd              | zabbix_agentd                              | Zabbix                   | C       | -       | -
          /opt/java/bin/java                   | java -cp libs/kafka_2.13-3.9.0.jar kafka.Kafka x | Apache Kafka       | Java    | 3.9.0   | -
          /opt/java/bin/java                   | java -cp zookeeper-3.8.1.jar org.apache.zookeeper.server.quorum.QuorumPeerMain | Apache ZooKeeper | Java | 3.8.1 | -
          /opt/java/bin/java                   | java --module-path /es/lib -m org.elasticsearch.server/org.elasticsearch.bootstrap.Elasticsearch | Elasticsearch | Java | - | -
          /opt/java/bin/java                   | java -cp lib/opensearch-2.11.0.jar org.opensearch.bootstrap.OpenSearch | OpenSearch | Java | 2.11.0 | -
          /opt/java/bin/java                   | java org.logstash.Logstash                 | Logstash                 | Java    | -       | -
          /opt/java/bin/java                   | java -cp lib/apache-cassandra-4.1.3.jar org.apache.cassandra.service.CassandraDaemon | Apache Cassandra | Java | 4.1.3 | -
          /opt/java/bin/java                   | java -cp bin/bootstrap.jar org.apache.catalina.startup.Bootstrap start | Apache Tomcat | Java | - | -
          /opt/java/bin/java                   | java -cp hadoop-common-3.3.6.jar org.apache.hadoop.hdfs.server.namenode.NameNode | Apache Hadoop | Java | 3.3.6 | -
          /opt/java/bin/java                   | java -cp jars/spark-core_2.12-3.5.0.jar org.apache.spark.deploy.master.Master | Apache Spark | Java | 3.5.0 | -
          /opt/java/bin/java                   | java -cp flink-dist-1.18.0.jar org.apache.flink.runtime.taskexecutor.TaskManagerRunner | Apache Flink | Java | 1.18.0 | -
          /opt/java/bin/java                   | java -jar bin/activemq.jar start           | Apache ActiveMQ          | Java    | -       | -
          /opt/java/bin/java                   | java org.apache.pulsar.PulsarBrokerStarter | Apache Pulsar            | Java    | -       | -
          /opt/java/bin/java                   | java -cp solr-core-9.4.0.jar org.apache.solr.cli.SolrCLI | Apache Solr | Java     | 9.4.0   | -
          /opt/java/bin/java                   | java -jar /opt/jetty-home/start.jar        | Jetty                    | Java    | -       | -
          /opt/java/bin/java                   | java -cp lib/neo4j-5.1.0.jar com.neo4j.server.enterprise.EnterpriseEntryPoint | Neo4j | Java | 5.1.0 | -
          /opt/java/bin/java                   | java -jar quarkus-run.jar                  | Quarkus                  | Java    | -       | -
          /opt/java/bin/java                   | java weblogic.Server                       | Oracle WebLogic          | Java    | -       | -
          /opt/java/bin/java                   | java -jar /opt/ws/ws-server.jar            | IBM WebSphere            | Java    | -       | -
          /opt/java/bin/java                   | java -jar /opt/wildfly-30.0.0.Final/jboss-modules.jar -mp x | WildFly | Java    | 30.0.0.Final | -
          /opt/java/bin/java                   | java -jar /usr/share/jenkins.war           | Jenkins                  | Java    | -       | -
          /usr/bin/python3.11                  | python3 /usr/bin/gunicorn app:app          | Gunicorn                 | Python  | -       | 3.11
          /usr/bin/python3.11                  | python3 /usr/bin/uvicorn app:app           | Uvicorn                  | Python  | -       | 3.11
          /usr/bin/python3.9                   | python3 /usr/bin/celery worker             | Celery                   | Python  | -       | 3.9
          /home/app/.pyenv/versions/3.12.1/bin/python3 | python3 /bin/airflow scheduler         | Apache Airflow           | Python  | -       | 3.12.1
          /usr/bin/python3.11                  | python3 /usr/bin/supervisord               | Supervisor               | Python  | -       | 3.11
          /usr/bin/ruby3.1                     | ruby /gems/puma-6.4.0/bin/puma             | Puma                     | Ruby    | 6.4.0   | 3.1
          /usr/bin/ruby3.1                     | ruby /usr/bin/unicorn_rails                | Unicorn                  | Ruby    | -       | 3.1
          /usr/bin/ruby3.1                     | ruby /gems/sidekiq-7.2.0/bin/sidekiq       | Sidekiq                  | Ruby    | 7.2.0   | 3.1
          /usr/bin/ruby3.1                     | ruby /usr/bin/fluentd                      | Fluentd                  | Ruby    | -       | 3.1
          /opt/java/bin/java                   | java io.smartagent.cli.Main                | SmartAgent               | Java    | -       | -
          /usr/bin/node                        | node /usr/lib/node_modules/pm2/lib/Daemon.js | PM2                    | Node.js | -       | -
          /home/app/.nvm/versions/node/v18.17.0/bin/node | node server.js                       | -                        | Node.js | -       | 18.17.0
          /usr/bin/perl5.36.0                  | perl x.pl                                  | -                        | Perl    | -       | 5.36.0
          /usr/bin/php8.2                      | php artisan                                | -                        | PHP     | -       | 8.2
          /usr/sbin/php-fpm8.2                 | php-fpm: master process                    | PHP-FPM                  | PHP     | 8.2     | -
          /usr/bin/deno                        | deno run --allow-net main.ts               | -                        | Deno    | -       | -
          /usr/bin/bun                         | bun index.ts                               | -                        | Bun     | -       | -
          /usr/share/dotnet/dotnet             | dotnet Web.dll                             | -                        | .NET    | -       | -
          /usr/lib/erlang/erts-13.1.5/bin/beam.smp | beam.smp -- -pa /lib/rabbitmq_server-3.12.10/ebin -s rabbit boot | RabbitMQ | Erlang | 3.12.10 | -
          /usr/lib/erlang/erts-13.1.5/bin/beam.smp | beam.smp -- -elixir ansi_enabled -s elixir start_cli | -          | Elixir  | -       | -
          """)
  void knows(
      String executable,
      String commandLine,
      @Nullable String product,
      String language,
      @Nullable String version,
      @Nullable String languageVersion) {
    CommandLine line = new CommandLine(Arrays.asList(commandLine.split(" ", -1)), false);

    Details details =
        Details.ofCommandLine(SoftwareRules.of(executable, line, "comm"), executable, line);

    assertThat(details.software().product()).isEqualTo(product);
    assertThat(details.software().language()).extracting(Language::id).isEqualTo(language);
    assertThat(text(details.version())).isEqualTo(version);
    assertThat(text(details.languageVersion())).isEqualTo(languageVersion);
  }

  @Test
  void hasARowForEachProduct() throws Exception {
    String rows =
        SoftwareCatalogTest.class
            .getDeclaredMethod(
                "knows",
                String.class,
                String.class,
                String.class,
                String.class,
                String.class,
                String.class)
            .getAnnotation(CsvSource.class)
            .textBlock();

    for (SoftwareCatalog.Program program : SoftwareCatalog.PROGRAMS) {
      if (program.product() != null) {
        assertThat(rows).contains("| " + program.product() + " ");
      }
    }
    for (SoftwareCatalog.Product product : SoftwareCatalog.PRODUCTS) {
      assertThat(rows).contains("| " + product.name() + " ");
    }
  }

  private static @Nullable String text(@Nullable Version version) {
    return version == null ? null : version.text();
  }
}
