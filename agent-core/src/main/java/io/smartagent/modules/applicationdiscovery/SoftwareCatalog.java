package io.smartagent.modules.applicationdiscovery;

import static io.smartagent.modules.applicationdiscovery.Language.C;
import static io.smartagent.modules.applicationdiscovery.Language.CPP;
import static io.smartagent.modules.applicationdiscovery.Language.GO;
import static io.smartagent.modules.applicationdiscovery.Language.JAVA;
import static io.smartagent.modules.applicationdiscovery.Language.NODE;
import static io.smartagent.modules.applicationdiscovery.Language.PYTHON;
import static io.smartagent.modules.applicationdiscovery.Language.RUBY;
import static io.smartagent.modules.applicationdiscovery.Language.RUST;

import io.smartagent.modules.applicationdiscovery.Software.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The programs that are known by name, and where their versions can be found: the one place for
 * these rules. The first one that fits counts, so labels of metrics that are made of them have few
 * values. How they are applied is said in {@link SoftwareRules}.
 */
final class SoftwareCatalog {

  /**
   * A program by the whole name of its executable.
   *
   * @param entryPoint how to find what it runs; null for a program that runs itself
   */
  record Program(
      Pattern executable,
      @Nullable String product,
      @Nullable Language language,
      @Nullable EntryPoint entryPoint,
      VersionClues clues,
      Role role) {}

  /**
   * A product by what its language's runtime runs.
   *
   * @param entryPoint whole main class, module, script or archive
   */
  record Product(Language language, Pattern entryPoint, String name, VersionClues clues) {}

  private static final VersionClues NOWHERE = VersionClues.NONE;

  /** A number behind the name, as distributions call the executables of several versions. */
  private static final String BEHIND_NAME = "/[a-z-]+([0-9]+(?:\\.[0-9]+)*)(?:-fpm)?$";

  static final List<Program> PROGRAMS =
      List.of(
          runtime("java|javaw|jsvc", JAVA, EntryPoint.JAVA, variables("JAVA_VERSION")),
          runtime(
              "node|nodejs|iojs",
              NODE,
              EntryPoint.NODE,
              variables("NODE_VERSION").path("/v([0-9.]+)/bin/").packages("nodejs")),
          runtime("bun", Language.BUN, EntryPoint.NODE, variables("BUN_VERSION")),
          runtime("deno", Language.DENO, EntryPoint.DENO, variables("DENO_VERSION")),
          runtime(
              "python[0-9.]*|pypy[0-9.]*",
              PYTHON,
              EntryPoint.PYTHON,
              variables("PYTHON_VERSION")
                  .path("/versions/([0-9.]+)/bin/|/(?:python|pypy)([0-9]+(?:\\.[0-9]+)+)$")
                  .packages("python3\\.[0-9]+(?:-minimal)?|python3")),
          runtime(
              "ruby[0-9.]*|jruby|truffleruby",
              RUBY,
              EntryPoint.RUBY,
              variables("RUBY_VERSION").path("/versions/([0-9.]+)/bin/|" + BEHIND_NAME)),
          program(
              "PHP-FPM",
              Language.PHP,
              "php-fpm[0-9.]*|php[0-9.]+-fpm",
              variables("PHP_VERSION")
                  .path("/php-fpm([0-9.]+)$|/php([0-9.]+)-fpm$")
                  .packages("php[0-9.]+-fpm|php[0-9]+-fpm")),
          runtime(
              "php[0-9.]*|php-cgi[0-9.]*",
              Language.PHP,
              EntryPoint.PHP,
              variables("PHP_VERSION").path(BEHIND_NAME).packages("php[0-9.]+-(?:cli|cgi)")),
          runtime(
              "dotnet",
              Language.DOTNET,
              EntryPoint.DOTNET,
              variables("DOTNET_VERSION", "ASPNET_VERSION")),
          runtime(
              "perl[0-9.]*",
              Language.PERL,
              EntryPoint.PERL,
              variables("PERL_VERSION")
                  .path("/perl([0-9]+\\.[0-9.]+)$")
                  .packages("perl-base|perl")),
          runtime("beam(?:\\.smp)?", Language.ERLANG, null, variables("OTP_VERSION")),

          // Web servers and proxies.
          program(
              "nginx",
              C,
              "nginx|openresty|tengine|angie",
              variables("NGINX_VERSION").packages("nginx|nginx-(?:core|light|full|extras)")),
          program(
              "Apache HTTP Server",
              C,
              "httpd|apache2|httpd\\.(?:worker|event)",
              variables("HTTPD_VERSION").packages("apache2-bin|apache2|httpd")),
          program("lighttpd", C, "lighttpd", NOWHERE.packages("lighttpd")),
          program("HAProxy", C, "haproxy", variables("HAPROXY_VERSION").packages("haproxy")),
          program("Envoy", CPP, "envoy", variables("ENVOY_VERSION")),
          program("Varnish", C, "varnishd", variables("VARNISH_VERSION").packages("varnish")),
          program("Squid", CPP, "squid", NOWHERE.packages("squid(?:-openssl)?")),
          program("Traefik", GO, "traefik", variables("TRAEFIK_VERSION")),
          program("Caddy", GO, "caddy", variables("CADDY_VERSION").packages("caddy")),
          program("Linkerd", RUST, "linkerd2-proxy", NOWHERE),
          program("uWSGI", PYTHON, "uwsgi(?:-core)?", NOWHERE.packages("uwsgi-core")),

          // Databases, caches and queues.
          program(
              "MariaDB",
              CPP,
              "mariadbd",
              variables("MARIADB_VERSION").packages("mariadb-server(?:-core)?(?:-[0-9.]+)?")),
          program(
              "MySQL",
              CPP,
              "mysqld|ndbd|ndbmtd",
              variables("MYSQL_VERSION")
                  .packages("mysql-server-core-[0-9.]+|mysql-community-server-core")),
          program(
              "PostgreSQL",
              C,
              "postgres|postmaster|edb-postgres",
              variables("PG_VERSION")
                  .path("/postgresql/([0-9.]+)/bin/|/pgsql-([0-9.]+)/")
                  .packages("postgresql-[0-9.]+|postgresql[0-9]+")),
          program("PgBouncer", C, "pgbouncer", NOWHERE.packages("pgbouncer")),
          // Some distributions link redis-server to redis-check-rdb: it is one executable.
          program(
              "Redis",
              C,
              "redis-server|redis-sentinel|redis-check-(?:rdb|aof)",
              variables("REDIS_VERSION").packages("redis-server|redis-tools|redis")),
          program(
              "Valkey",
              C,
              "valkey-server|valkey-sentinel|valkey-check-(?:rdb|aof)",
              variables("VALKEY_VERSION").packages("valkey-server|valkey-tools|valkey")),
          program(
              "Memcached", C, "memcached", variables("MEMCACHED_VERSION").packages("memcached")),
          program(
              "MongoDB",
              CPP,
              "mongod|mongos",
              variables("MONGO_VERSION").packages("mongodb-org-server|mongodb-server-core")),
          program(
              "ClickHouse",
              CPP,
              "clickhouse(?:-server|-keeper)?",
              variables("CLICKHOUSE_VERSION").packages("clickhouse-common-static")),
          program("InfluxDB", GO, "influxd(?:[0-9.]+)?", variables("INFLUXDB_VERSION")),
          program("CockroachDB", GO, "cockroach", NOWHERE),
          program("MinIO", GO, "minio", NOWHERE),
          program("Oracle Database", C, "oracle|tnslsnr", NOWHERE),
          program("Microsoft SQL Server", CPP, "sqlservr", NOWHERE.packages("mssql-server")),
          program("IBM Db2", C, "db2sysc", NOWHERE),
          program("NATS", GO, "nats-server", variables("NATS_SERVER")),

          // Kubernetes and containers.
          program("etcd", GO, "etcd", variables("ETCD_VERSION").packages("etcd-server|etcd")),
          program("kubelet", GO, "kubelet", NOWHERE.packages("kubelet")),
          program("kube-apiserver", GO, "kube-apiserver", NOWHERE),
          program("kube-controller-manager", GO, "kube-controller(?:-manager)?", NOWHERE),
          program("kube-scheduler", GO, "kube-scheduler", NOWHERE),
          program("kube-proxy", GO, "kube-proxy", NOWHERE),
          program("K3s", GO, "k3s(?:-server|-agent)?", NOWHERE),
          program("CoreDNS", GO, "coredns", NOWHERE),
          program("Cilium", GO, "cilium-agent", NOWHERE),
          program("Calico", GO, "calico-node", NOWHERE),
          program("flannel", GO, "flanneld", NOWHERE),
          program("containerd", GO, "containerd", NOWHERE.packages("containerd(?:\\.io)?")),
          program("Docker Engine", GO, "dockerd", NOWHERE.packages("docker-ce|docker\\.io")),
          program("CRI-O", GO, "crio", NOWHERE.packages("cri-o")),

          // Monitoring and configuration.
          program("Prometheus", GO, "prometheus", NOWHERE.packages("prometheus")),
          program(
              "Alertmanager",
              GO,
              "alertmanager|prometheus-alertmanager",
              NOWHERE.packages("prometheus-alertmanager")),
          program(
              "Prometheus Node Exporter",
              GO,
              "node_exporter|prometheus-node(?:-exporter)?",
              NOWHERE.packages("prometheus-node-exporter")),
          program(
              "Grafana", GO, "grafana(?:-server)?", NOWHERE.packages("grafana(?:-enterprise)?")),
          program("Loki", GO, "loki", NOWHERE),
          program("OpenTelemetry Collector", GO, "otelcol(?:-contrib|-k8s)?", NOWHERE),
          program("Consul", GO, "consul", variables("CONSUL_VERSION").packages("consul")),
          program("Vault", GO, "vault", variables("VAULT_VERSION").packages("vault")),
          program("Nomad", GO, "nomad", NOWHERE.packages("nomad")),
          program("Fluent Bit", C, "fluent-bit", NOWHERE.packages("fluent-bit")),
          program("Vector", RUST, "vector", NOWHERE.packages("vector")),
          program("Zabbix", C, "zabbix_(?:server|agentd|proxy)", NOWHERE),
          other(Role.INIT, "tini(?:-static)?|dumb-init|docker-init|catatonit|s6-svscan|pause"),
          other(
              Role.PLUMBING,
              "containerd-shim(?:-.*)?|conmon(?:rs)?|runc|crun|youki|docker-proxy|slirp4netns|fuse-overlayfs"));

  static final List<Product> PRODUCTS =
      List.of(
          product(
              JAVA,
              "kafka\\.Kafka|kafka\\.docker\\.KafkaDockerWrapper",
              "Apache Kafka",
              variables("KAFKA_VERSION").jar("kafka_[0-9.]+-([0-9][\\w.]*)\\.jar")),
          product(
              JAVA,
              "org\\.apache\\.zookeeper\\..*",
              "Apache ZooKeeper",
              variables("ZOOKEEPER_VERSION").jar("zookeeper-([0-9][\\w.]*)\\.jar")),
          product(
              JAVA,
              "(?:.*/)?org\\.elasticsearch\\..*",
              "Elasticsearch",
              variables("ELASTIC_VERSION", "ES_VERSION").jar("elasticsearch-([0-9][\\w.]*)\\.jar")),
          product(
              JAVA,
              "(?:.*/)?org\\.opensearch\\..*",
              "OpenSearch",
              variables("OPENSEARCH_VERSION").jar("opensearch-([0-9][\\w.]*)\\.jar")),
          product(
              JAVA,
              "org\\.logstash\\..*",
              "Logstash",
              variables("LOGSTASH_VERSION").jar("logstash-core\\.jar")),
          product(
              JAVA,
              "org\\.apache\\.cassandra\\..*",
              "Apache Cassandra",
              variables("CASSANDRA_VERSION").jar("apache-cassandra-([0-9][\\w.]*)\\.jar")),
          product(
              JAVA,
              "org\\.apache\\.catalina\\..*",
              "Apache Tomcat",
              variables("TOMCAT_VERSION").jar("bootstrap\\.jar|catalina\\.jar")),
          product(
              JAVA,
              "org\\.apache\\.hadoop\\..*",
              "Apache Hadoop",
              variables("HADOOP_VERSION").jar("hadoop-common-([0-9][\\w.]*)\\.jar")),
          product(
              JAVA,
              "org\\.apache\\.spark\\..*",
              "Apache Spark",
              variables("SPARK_VERSION").jar("spark-core_[0-9.]+-([0-9][\\w.]*)\\.jar")),
          product(
              JAVA,
              "org\\.apache\\.flink\\..*",
              "Apache Flink",
              variables("FLINK_VERSION").jar("flink-dist-([0-9][\\w.]*)\\.jar")),
          product(
              JAVA,
              "org\\.apache\\.activemq\\..*|(?:.*/)?activemq\\.jar",
              "Apache ActiveMQ",
              variables("ACTIVEMQ_VERSION").jar("activemq\\.jar")),
          product(
              JAVA,
              "org\\.apache\\.pulsar\\..*",
              "Apache Pulsar",
              variables("PULSAR_VERSION")
                  .jar("org\\.apache\\.pulsar-pulsar-broker-([0-9][\\w.]*)\\.jar")),
          product(
              JAVA,
              "org\\.apache\\.solr\\..*",
              "Apache Solr",
              variables("SOLR_VERSION").jar("solr-core-([0-9][\\w.]*)\\.jar")),
          product(
              JAVA,
              "org\\.eclipse\\.jetty\\..*|(?:.*/)?jetty[^/]*/start\\.jar",
              "Jetty",
              variables("JETTY_VERSION").jar("jetty-start-([0-9][\\w.]*)\\.jar|start\\.jar")),
          product(
              JAVA,
              "org\\.neo4j\\..*|com\\.neo4j\\..*",
              "Neo4j",
              NOWHERE.jar("neo4j-([0-9][\\w.]*)\\.jar")),
          product(JAVA, "io\\.quarkus\\..*|(?:.*/)?quarkus-run\\.jar", "Quarkus", NOWHERE),
          product(JAVA, "weblogic\\.Server", "Oracle WebLogic", NOWHERE.jar("weblogic\\.jar")),
          product(JAVA, "com\\.ibm\\.ws\\..*|(?:.*/)?ws-server\\.jar", "IBM WebSphere", NOWHERE),
          product(
              JAVA,
              "(?:.*/)?jboss-modules\\.jar|org\\.jboss\\..*",
              "WildFly",
              variables("WILDFLY_VERSION", "JBOSS_EAP_VERSION")
                  .argument("/wildfly-([0-9][\\w.]*)")),
          product(
              JAVA,
              "(?:.*/)?jenkins\\.war",
              "Jenkins",
              variables("JENKINS_VERSION").jar("jenkins\\.war").packages("jenkins")),
          product(JAVA, "io\\.smartagent\\..*", "SmartAgent", NOWHERE),
          product(PYTHON, "(?:.*/)?gunicorn(?:3|\\.app\\.wsgiapp)?", "Gunicorn", NOWHERE),
          product(PYTHON, "(?:.*/)?uvicorn", "Uvicorn", NOWHERE),
          product(PYTHON, "(?:.*/)?celery", "Celery", NOWHERE),
          product(PYTHON, "(?:.*/)?airflow", "Apache Airflow", variables("AIRFLOW_VERSION")),
          product(PYTHON, "(?:.*/)?supervisord", "Supervisor", NOWHERE.packages("supervisor")),
          product(RUBY, "(?:.*/)?puma", "Puma", NOWHERE.argument("puma-([0-9][0-9.]*)/")),
          product(
              RUBY,
              "(?:.*/)?(?:unicorn|unicorn_rails)",
              "Unicorn",
              NOWHERE.argument("unicorn-([0-9][0-9.]*)/")),
          product(RUBY, "(?:.*/)?sidekiq", "Sidekiq", NOWHERE.argument("sidekiq-([0-9][0-9.]*)/")),
          product(RUBY, "(?:.*/)?fluentd", "Fluentd", NOWHERE.argument("fluentd-([0-9][0-9.]*)/")),
          product(NODE, "(?:.*/)?pm2(?:/.*)?", "PM2", NOWHERE));

  /** RabbitMQ's main module is one of many words that its virtual machine is given. */
  static final Product RABBITMQ =
      product(
          Language.ERLANG,
          ".*rabbit.*",
          "RabbitMQ",
          variables("RABBITMQ_VERSION")
              .argument("rabbitmq[_-]server[_-]([0-9][0-9.]*[0-9])")
              .packages("rabbitmq-server"));

  private SoftwareCatalog() {}

  /** Returns the names of all variables that may be looked at. */
  static Set<String> variables() {
    Set<String> names = new HashSet<>(RABBITMQ.clues().variables());
    PROGRAMS.forEach(program -> names.addAll(program.clues().variables()));
    PRODUCTS.forEach(product -> names.addAll(product.clues().variables()));
    return names;
  }

  private static VersionClues variables(String... names) {
    return VersionClues.NONE.variables(names);
  }

  private static Program runtime(
      String executable, Language language, @Nullable EntryPoint entryPoint, VersionClues clues) {
    return new Program(
        Pattern.compile(executable), null, language, entryPoint, clues, Role.RECOGNISED);
  }

  private static Program program(
      String product, Language language, String executable, VersionClues clues) {
    return new Program(
        Pattern.compile(executable), product, language, null, clues, Role.RECOGNISED);
  }

  private static Product product(
      Language language, String entryPoint, String name, VersionClues clues) {
    return new Product(language, Pattern.compile(entryPoint), name, clues);
  }

  private static Program other(Role role, String executable) {
    return new Program(Pattern.compile(executable), null, null, null, NOWHERE, role);
  }
}
