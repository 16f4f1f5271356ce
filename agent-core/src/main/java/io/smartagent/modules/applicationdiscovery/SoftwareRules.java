package io.smartagent.modules.applicationdiscovery;

import io.smartagent.modules.applicationdiscovery.Software.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which executables are which language or product: the one place for these rules. The first one
 * that fits counts, so labels of metrics that are made of them have few values.
 */
final class SoftwareRules {

  /** A program by the name of its executable. */
  private record Program(
      Pattern executable,
      @Nullable String product,
      @Nullable String language,
      @Nullable EntryPoint entryPoint,
      List<String> versionVariables,
      Role role) {}

  /** A product by what its language's runtime runs. */
  private record Product(
      String language, Pattern entryPoint, String name, List<String> versionVariables) {}

  private static final List<Program> PROGRAMS =
      List.of(
          runtime("java|javaw|jsvc", "Java", EntryPoint.JAVA, "JAVA_VERSION"),
          runtime("node|nodejs|iojs", "Node.js", EntryPoint.NODE, "NODE_VERSION"),
          runtime("bun", "Bun", EntryPoint.NODE, "BUN_VERSION"),
          runtime("deno", "Deno", null, "DENO_VERSION"),
          runtime("python[0-9.]*|pypy[0-9.]*", "Python", EntryPoint.PYTHON, "PYTHON_VERSION"),
          runtime("ruby[0-9.]*|jruby|truffleruby", "Ruby", EntryPoint.RUBY, "RUBY_VERSION"),
          program("PHP-FPM", "PHP", "php-fpm[0-9.]*|php[0-9.]+-fpm", "PHP_VERSION"),
          runtime("php[0-9.]*|php-cgi[0-9.]*", "PHP", EntryPoint.PHP, "PHP_VERSION"),
          runtime("dotnet", ".NET", EntryPoint.DOTNET, "DOTNET_VERSION", "ASPNET_VERSION"),
          runtime("perl[0-9.]*", "Perl", EntryPoint.PERL, "PERL_VERSION"),
          runtime("beam(?:\\.smp)?", "Erlang", null, "OTP_VERSION"),

          // Web servers and proxies.
          program("nginx", "C", "nginx|openresty|tengine|angie", "NGINX_VERSION"),
          program(
              "Apache HTTP Server", "C", "httpd|apache2|httpd\\.(?:worker|event)", "HTTPD_VERSION"),
          program("lighttpd", "C", "lighttpd"),
          program("HAProxy", "C", "haproxy", "HAPROXY_VERSION"),
          program("Envoy", "C++", "envoy", "ENVOY_VERSION"),
          program("Varnish", "C", "varnishd", "VARNISH_VERSION"),
          program("Squid", "C++", "squid"),
          program("Traefik", "Go", "traefik"),
          program("Caddy", "Go", "caddy", "CADDY_VERSION"),
          program("uWSGI", "Python", "uwsgi(?:-core)?"),

          // Databases, caches and queues.
          program("MariaDB", "C++", "mariadbd", "MARIADB_VERSION"),
          program("MySQL", "C++", "mysqld|ndbd|ndbmtd", "MYSQL_VERSION"),
          program("PostgreSQL", "C", "postgres|postmaster|edb-postgres", "PG_VERSION"),
          program("PgBouncer", "C", "pgbouncer"),
          // Some distributions link redis-server to redis-check-rdb: it is one executable.
          program(
              "Redis", "C", "redis-server|redis-sentinel|redis-check-(?:rdb|aof)", "REDIS_VERSION"),
          program("Valkey", "C", "valkey-server|valkey-check-(?:rdb|aof)", "VALKEY_VERSION"),
          program("Memcached", "C", "memcached", "MEMCACHED_VERSION"),
          program("MongoDB", "C++", "mongod|mongos", "MONGO_VERSION"),
          program("ClickHouse", "C++", "clickhouse(?:-server|-keeper)?", "CLICKHOUSE_VERSION"),
          program("InfluxDB", "Go", "influxd(?:[0-9.]+)?", "INFLUXDB_VERSION"),
          program("CockroachDB", "Go", "cockroach"),
          program("MinIO", "Go", "minio"),
          program("Oracle Database", "C", "oracle|tnslsnr"),
          program("Microsoft SQL Server", "C++", "sqlservr"),
          program("IBM Db2", "C", "db2sysc"),
          program("NATS", "Go", "nats-server", "NATS_SERVER"),

          // Kubernetes and containers.
          program("etcd", "Go", "etcd"),
          program("kubelet", "Go", "kubelet"),
          program("kube-apiserver", "Go", "kube-apiserver"),
          program("kube-controller-manager", "Go", "kube-controller(?:-manager)?"),
          program("kube-scheduler", "Go", "kube-scheduler"),
          program("kube-proxy", "Go", "kube-proxy"),
          program("K3s", "Go", "k3s(?:-server|-agent)?"),
          program("CoreDNS", "Go", "coredns"),
          program("Cilium", "Go", "cilium-agent"),
          program("Calico", "Go", "calico-node"),
          program("flannel", "Go", "flanneld"),
          program("containerd", "Go", "containerd"),
          program("Docker Engine", "Go", "dockerd"),
          program("CRI-O", "Go", "crio"),

          // Monitoring and configuration.
          program("Prometheus", "Go", "prometheus"),
          program("Alertmanager", "Go", "alertmanager"),
          program("Prometheus Node Exporter", "Go", "node_exporter|prometheus-node(?:-exporter)?"),
          program("Grafana", "Go", "grafana(?:-server)?"),
          program("Loki", "Go", "loki"),
          program("Consul", "Go", "consul", "CONSUL_VERSION"),
          program("Vault", "Go", "vault", "VAULT_VERSION"),
          program("Nomad", "Go", "nomad"),
          program("Fluent Bit", "C", "fluent-bit"),
          program("Zabbix", "C", "zabbix_(?:server|agentd|proxy)"),
          other(Role.INIT, "tini(?:-static)?|dumb-init|docker-init|catatonit|s6-svscan|pause"),
          other(
              Role.PLUMBING,
              "containerd-shim(?:-.*)?|conmon(?:rs)?|runc|crun|youki|docker-proxy|slirp4netns|fuse-overlayfs"));

  private static final List<Product> PRODUCTS =
      List.of(
          product(
              "Java",
              "kafka\\.Kafka|kafka\\.docker\\.KafkaDockerWrapper",
              "Apache Kafka",
              "KAFKA_VERSION"),
          product("Java", "org\\.apache\\.zookeeper\\..*", "Apache ZooKeeper", "ZOOKEEPER_VERSION"),
          product(
              "Java", "org\\.elasticsearch\\..*", "Elasticsearch", "ELASTIC_VERSION", "ES_VERSION"),
          product("Java", "org\\.opensearch\\..*", "OpenSearch", "OPENSEARCH_VERSION"),
          product("Java", "org\\.logstash\\..*", "Logstash"),
          product("Java", "org\\.apache\\.cassandra\\..*", "Apache Cassandra", "CASSANDRA_VERSION"),
          product("Java", "org\\.apache\\.catalina\\..*", "Apache Tomcat", "TOMCAT_VERSION"),
          product("Java", "org\\.apache\\.hadoop\\..*", "Apache Hadoop", "HADOOP_VERSION"),
          product("Java", "org\\.apache\\.spark\\..*", "Apache Spark", "SPARK_VERSION"),
          product("Java", "org\\.apache\\.flink\\..*", "Apache Flink", "FLINK_VERSION"),
          product(
              "Java",
              "org\\.apache\\.activemq\\..*|(?:.*/)?activemq\\.jar",
              "Apache ActiveMQ",
              "ACTIVEMQ_VERSION"),
          product("Java", "org\\.neo4j\\..*|com\\.neo4j\\..*", "Neo4j"),
          product("Java", "weblogic\\.Server", "Oracle WebLogic"),
          product("Java", "com\\.ibm\\.ws\\..*|(?:.*/)?ws-server\\.jar", "IBM WebSphere"),
          product(
              "Java",
              "(?:.*/)?jboss-modules\\.jar|org\\.jboss\\..*",
              "WildFly",
              "WILDFLY_VERSION",
              "JBOSS_EAP_VERSION"),
          product("Java", "(?:.*/)?jenkins\\.war", "Jenkins", "JENKINS_VERSION"),
          product("Java", "io\\.smartagent\\..*", "SmartAgent"),
          product("Python", "(?:.*/)?gunicorn(?:3|\\.app\\.wsgiapp)?", "Gunicorn"),
          product("Python", "(?:.*/)?uvicorn", "Uvicorn"),
          product("Python", "(?:.*/)?celery", "Celery"),
          product("Python", "(?:.*/)?airflow", "Apache Airflow", "AIRFLOW_VERSION"),
          product("Python", "(?:.*/)?supervisord", "Supervisor"),
          product("Ruby", "(?:.*/)?puma", "Puma"),
          product("Ruby", "(?:.*/)?(?:unicorn|unicorn_rails)", "Unicorn"),
          product("Ruby", "(?:.*/)?sidekiq", "Sidekiq"),
          product("Ruby", "(?:.*/)?fluentd", "Fluentd"));

  /** A dynamic loader that was called by its own name: what it loads is the program. */
  private static final Pattern LOADER =
      Pattern.compile("ld-(?:linux|musl)[\\w-]*\\.so(?:\\.\\d+)?");

  /**
   * One executable for many commands: which one it is, only the name tells that it was called by.
   */
  private static final Pattern MANY_IN_ONE = Pattern.compile("busybox|toybox|coreutils");

  private static final List<String> LOADER_OPTIONS_WITH_VALUE =
      List.of(
          "--library-path",
          "--argv0",
          "--preload",
          "--audit",
          "--inhibit-rpath",
          "--glibc-hwcaps-mask");

  /** A program without a file: memfd_create(2). Its name there says little. */
  private static final String MEMORY_FILE = "/memfd:";

  /** The longest name or entry point that is told. */
  private static final int LONGEST = 512;

  private SoftwareRules() {}

  private static Program runtime(
      String executable, String language, @Nullable EntryPoint entryPoint, String... variables) {
    return new Program(
        Pattern.compile(executable),
        null,
        language,
        entryPoint,
        List.of(variables),
        Role.RECOGNISED);
  }

  private static Program program(
      String product, String language, String executable, String... variables) {
    return new Program(
        Pattern.compile(executable), product, language, null, List.of(variables), Role.RECOGNISED);
  }

  private static Product product(
      String language, String entryPoint, String name, String... variables) {
    return new Product(language, Pattern.compile(entryPoint), name, List.of(variables));
  }

  private static Program other(Role role, String executable) {
    return new Program(Pattern.compile(executable), null, null, null, List.of(), role);
  }

  /**
   * Returns what a process runs.
   *
   * @param executable the path of its executable; null where it cannot be read: then the command
   *     line, which a process may change at will, has to do
   * @param name its name (comm)
   */
  static Software of(@Nullable String executable, CommandLine commandLine, String name) {
    String program;
    List<String> options = commandLine.options();
    if (executable != null && !executable.startsWith(MEMORY_FILE)) {
      program = baseName(executable);
    } else if (executable != null) {
      program = name;
    } else if (!commandLine.program().isBlank()) {
      program = calledBy(commandLine.program());
    } else {
      program = name;
    }
    if (LOADER.matcher(program).matches()) {
      List<String> loaded = loaded(options);
      if (!loaded.isEmpty()) {
        program = baseName(loaded.getFirst());
        options = loaded.subList(1, loaded.size());
      }
    }
    if (MANY_IN_ONE.matcher(program).matches() && !commandLine.program().isBlank()) {
      return unrecognised(calledBy(commandLine.program()));
    }
    for (Program rule : PROGRAMS) {
      if (rule.executable().matcher(program).matches()) {
        return recognised(rule, program, options);
      }
    }
    return unrecognised(program);
  }

  private static Software unrecognised(String program) {
    return new Software(cut(program), null, null, null, List.of(), Role.UNRECOGNISED);
  }

  private static Software recognised(Program rule, String program, List<String> options) {
    EntryPoint finder = rule.entryPoint();
    String entry = finder == null ? null : finder.find(options);
    String product = rule.product();
    List<String> variables = rule.versionVariables();
    if (entry != null) {
      for (Product candidate : PRODUCTS) {
        if (candidate.language().equals(rule.language())
            && candidate.entryPoint().matcher(entry).matches()) {
          product = candidate.name();
          variables = candidate.versionVariables();
          break;
        }
      }
    } else if ("Erlang".equals(rule.language())
        && options.stream().anyMatch(option -> option.contains("rabbit"))) {
      product = "RabbitMQ";
      variables = List.of("RABBITMQ_VERSION");
    }
    return new Software(
        cut(program),
        product,
        rule.language(),
        entry == null ? null : cut(SecretMask.mask(List.of(entry)).getFirst()),
        variables,
        rule.role());
  }

  private static List<String> loaded(List<String> options) {
    int i = 0;
    while (i < options.size() && options.get(i).startsWith("--")) {
      i += LOADER_OPTIONS_WITH_VALUE.contains(options.get(i)) ? 2 : 1;
    }
    return i < options.size() ? options.subList(i, options.size()) : List.of();
  }

  /**
   * A title such as {@code nginx: master process} starts with the program's name; a login shell's
   * with a dash.
   */
  private static String calledBy(String title) {
    List<String> words = new ArrayList<>(List.of(title.strip().split("[\\s:]", 2)));
    String name = baseName(words.getFirst());
    return name.startsWith("-") && name.length() > 1 ? name.substring(1) : name;
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
