package io.smartagent.modules.applicationdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.modules.applicationdiscovery.Version.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files of a program tell, each as its language writes them. */
final class ApplicationFilesTest {

  @TempDir private Path directory;

  /** JUnit warns of links that lead out of the directory that it removes. */
  @AfterEach
  void removeLinks() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  @Test
  void readsTheReleaseOfAJvm() throws IOException {
    write("/opt/java/release", "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"21.0.2\"\n");

    Details details = inspect("/opt/java/bin/java", "java Main");

    assertThat(details.languageVersion()).isEqualTo(new Version("21.0.2", Origin.RELEASE));
    assertThat(details.version()).isNull();
  }

  @Test
  void readsTheReleaseAboveAnOldJre() throws IOException {
    write("/opt/java8/release", "JAVA_VERSION=\"1.8.0_402\"\n");

    assertThat(inspect("/opt/java8/jre/bin/java", "java Main").languageVersion())
        .isEqualTo(new Version("1.8.0_402", Origin.RELEASE));
  }

  @Test
  void readsTheManifestOfAJarInTheWorkingDirectory() throws IOException {
    jar("/srv/app/shop.jar", Map.of("Implementation-Version", "1.4.2"));

    assertThat(inspect("/opt/java/bin/java", "java -jar shop.jar").version())
        .isEqualTo(new Version("1.4.2", Origin.MANIFEST));
  }

  @Test
  void takesTheJarsNameWhereTheManifestSaysNothing() throws IOException {
    jar("/srv/app/shop-1.4.3-SNAPSHOT.jar", Map.of());

    assertThat(
            inspect("/opt/java/bin/java", "java -jar /srv/app/shop-1.4.3-SNAPSHOT.jar").version())
        .isEqualTo(new Version("1.4.3-SNAPSHOT", Origin.JAR_NAME));
  }

  @Test
  void looksForTheProductsJarInItsDirectory() throws IOException {
    write("/opt/kafka/libs/kafka-clients-3.9.0.jar", "");
    write("/opt/kafka/libs/kafka_2.13-3.9.0.jar", "");

    assertThat(inspect("/opt/java/bin/java", "java -cp /opt/kafka/libs/* kafka.Kafka x").version())
        .isEqualTo(new Version("3.9.0", Origin.JAR_NAME));
  }

  @Test
  void readsTheManifestOfTheProductsJar() throws IOException {
    jar("/opt/tomcat/bin/bootstrap.jar", Map.of("Implementation-Version", "9.0.85"));

    assertThat(
            inspect(
                    "/opt/java/bin/java",
                    "java -classpath /opt/tomcat/bin/bootstrap.jar:/x.jar"
                        + " org.apache.catalina.startup.Bootstrap start")
                .version())
        .isEqualTo(new Version("9.0.85", Origin.MANIFEST));
  }

  @Test
  void readsThePackageOfAScript() throws IOException {
    write("/srv/app/package.json", "{\"name\":\"shop\",\"version\":\"2.0.1\"}");
    write("/srv/app/dist/server.js", "");

    assertThat(inspect("/usr/bin/node", "node dist/server.js").version())
        .isEqualTo(new Version("2.0.1", Origin.PACKAGE_JSON));
  }

  @Test
  void readsWhatDotnetWrites() throws IOException {
    write(
        "/srv/app/Web.deps.json",
        "{\"libraries\":{\"Web/1.2.0\":{\"type\":\"project\"},\"X/9\":{}}}");
    write(
        "/srv/app/Web.runtimeconfig.json",
        "{\"runtimeOptions\":{\"framework\":{\"name\":\"Microsoft.NETCore.App\",\"version\":\"8.0.1\"}}}");

    Details hosted = inspect("/usr/share/dotnet/dotnet", "dotnet Web.dll");
    Details own = inspect("/srv/app/Web", "/srv/app/Web");

    assertThat(hosted.version()).isEqualTo(new Version("1.2.0", Origin.DOTNET_JSON));
    assertThat(hosted.languageVersion()).isEqualTo(new Version("8.0.1", Origin.DOTNET_JSON));
    assertThat(own.version()).isEqualTo(hosted.version());
    assertThat(own.software().language()).isEqualTo(Language.DOTNET);
    assertThat(own.software().entryPoint()).isEqualTo("/srv/app/Web.dll");
  }

  @Test
  void readsTheReleaseOfErlang() throws IOException {
    write("/usr/lib/erlang/releases/start_erl.data", "13.1.5 25\n");

    assertThat(version(inspectErlang())).isEqualTo("25");

    write("/usr/lib/erlang/releases/25/OTP_VERSION", "25.2.3\n");

    assertThat(version(inspectErlang())).isEqualTo("25.2.3");
  }

  private Details inspectErlang() throws IOException {
    return inspect(
        "/usr/lib/erlang/erts-13.1.5/bin/beam.smp",
        "beam.smp -- -root /usr/lib/erlang -progname x");
  }

  private static @Nullable String version(Details details) {
    return details.languageVersion() == null ? null : details.languageVersion().text();
  }

  @Test
  void readsWhatGosLinkerWrites() throws IOException {
    executable(
        "/usr/local/bin/shop",
        ".go.buildinfo",
        goBuildInfo(
            "go1.22.1",
            """
            path\texample.com/shop/cmd/shop
            mod\texample.com/shop\tv1.5.0\th1:x=
            dep\texample.com/x\tv9.9.9\th1:y=
            build\tCGO_ENABLED=0
            """));

    Details details = inspect("/usr/local/bin/shop", "shop serve");

    assertThat(details.software().language()).isEqualTo(Language.GO);
    assertThat(details.software().entryPoint()).isEqualTo("example.com/shop/cmd/shop");
    assertThat(details.version()).isEqualTo(new Version("v1.5.0", Origin.EXECUTABLE));
    assertThat(details.languageVersion()).isEqualTo(new Version("1.22.1", Origin.EXECUTABLE));
    assertThat(details.software().role()).isEqualTo(Software.Role.UNRECOGNISED);
  }

  @Test
  void takesTheVersionThatGosLinkerWasToldToSet() throws IOException {
    executable(
        "/bin/prometheus",
        ".go.buildinfo",
        goBuildInfo(
            "go1.21.5 X:nocoverageredesign",
            "path\tgithub.com/prometheus/prometheus/cmd/prometheus\n"
                + "mod\tgithub.com/prometheus/prometheus\t(devel)\t\n"
                + "build\t-ldflags=\"-X main.secret=geheim -X"
                + " github.com/prometheus/common/version.Version=2.45.0 -s\"\n"));

    Details details = inspect("/bin/prometheus", "prometheus");

    assertThat(details.software().product()).isEqualTo("Prometheus");
    assertThat(details.version()).isEqualTo(new Version("2.45.0", Origin.EXECUTABLE));
    assertThat(details.languageVersion()).isEqualTo(new Version("1.21.5", Origin.EXECUTABLE));
    assertThat(details.toString()).doesNotContain("geheim");
  }

  @Test
  void readsTheCommentOfRustsCompiler() throws IOException {
    executable(
        "/usr/local/bin/proxy",
        ".comment",
        "GCC: (Debian 12.2.0)\0rustc version 1.75.0 (82e1608df 2023-12-21)\0"
            .getBytes(StandardCharsets.US_ASCII));

    Details details = inspect("/usr/local/bin/proxy", "proxy");

    assertThat(details.software().language()).isEqualTo(Language.RUST);
    assertThat(details.languageVersion()).isEqualTo(new Version("1.75.0", Origin.EXECUTABLE));
  }

  @Test
  void asksThePackageManager() throws IOException {
    write(
        "/var/lib/dpkg/status",
        """
        Package: nginx-doc
        Status: install ok installed
        Version: 9.9.9

        Package: nginx-light
        Status: deinstall ok config-files
        Version: 1.18.0-1

        Package: nginx
        Status: install ok installed
        Version: 1:1.22.1-9+deb12u1
        """);

    assertThat(inspect("/usr/sbin/nginx", "nginx").version())
        .isEqualTo(new Version("1.22.1", Origin.PACKAGE_DATABASE));
    assertThat(inspect("/usr/local/sbin/nginx", "nginx").version()).isNull();
  }

  @Test
  void asksAlpinesPackageManager() throws IOException {
    write("/lib/apk/db/installed", "C:x\nP:redis\nV:7.2.4-r0\n\nP:zlib\nV:1.3\n");

    assertThat(inspect("/usr/bin/redis-server", "redis-server").version())
        .isEqualTo(new Version("7.2.4", Origin.PACKAGE_DATABASE));
  }

  /** A path knows the major version, and an environment is inherited from another program. */
  @Test
  void believesNoEnvironmentThatContradictsThePath() throws IOException {
    assertThat(
            inspect("/usr/lib/postgresql/15/bin/postgres", "postgres", "PG_VERSION=15.6-1")
                .version())
        .isEqualTo(new Version("15.6-1", Origin.ENVIRONMENT));
    assertThat(
            inspect("/usr/lib/postgresql/15/bin/postgres", "postgres", "PG_VERSION=16.1").version())
        .isEqualTo(new Version("15", Origin.PATH));
  }

  /** What leads out of the process's root stays in it, and what is no file is not opened. */
  @Test
  void opensNothingButFilesOfTheProcess() throws Exception {
    Path outside = Files.writeString(directory.resolve("outside"), "JAVA_VERSION=\"9.9.9\"\n");
    Files.createDirectories(root().resolve("opt/java"));
    Files.createSymbolicLink(root().resolve("opt/java/release"), outside);
    assertThat(inspect("/opt/java/bin/java", "java Main").languageVersion()).isNull();

    Path release = root().resolve("opt/java/release");
    Files.delete(release);
    assertThat(new ProcessBuilder("mkfifo", release.toString()).start().waitFor()).isZero();
    assertThat(inspect("/opt/java/bin/java", "java Main").languageVersion()).isNull();

    Files.delete(release);
    Files.createDirectory(release);
    assertThat(inspect("/opt/java/bin/java", "java Main").languageVersion()).isNull();
  }

  @Test
  void standsFilesThatAreNoneOfTheKind() throws IOException {
    byte[] noise = new byte[200_000];
    Arrays.fill(noise, (byte) 0x7f);
    for (String path :
        new String[] {
          "/opt/java/release", "/srv/app/a.jar", "/srv/app/package.json", "/srv/app/W.deps.json"
        }) {
      write(path, new String(noise, StandardCharsets.ISO_8859_1));
    }
    write("/srv/app/deep/package.json", "[".repeat(60_000));
    executable("/bin/odd", ".go.buildinfo", noise);
    byte[] elf = Files.readAllBytes(root().resolve("bin/odd"));
    Arrays.fill(elf, 16, 64, (byte) 0xff);
    Files.write(root().resolve("bin/odder"), elf);

    assertThat(inspect("/opt/java/bin/java", "java -jar a.jar").version()).isNull();
    assertThat(inspect("/usr/bin/node", "node x.js").version()).isNull();
    assertThat(inspect("/usr/bin/node", "node deep/x.js").version()).isNull();
    assertThat(inspect("/usr/bin/dotnet", "dotnet W.dll").version()).isNull();
    assertThat(inspect("/bin/odd", "odd").version()).isNull();
    assertThat(inspect("/bin/odder", "odder").version()).isNull();
  }

  private Path root() {
    return directory.resolve("root-of-it");
  }

  private Details inspect(String executable, String commandLine, String... environment)
      throws IOException {
    Path process = directory.resolve("proc/42");
    Files.createDirectories(process);
    Files.createDirectories(root());
    link(process.resolve("root"), root());
    link(process.resolve("cwd"), Path.of("/srv/app"));
    link(process.resolve("exe"), root().resolve(executable.substring(1)));
    CommandLine line = new CommandLine(Arrays.asList(commandLine.split(" ", -1)), false);
    byte[] variables = String.join("\0", environment).getBytes(StandardCharsets.UTF_8);
    return new ApplicationFiles(new LinuxKernel().filesystem())
        .inspect(
            new ApplicationFiles.Program(
                process.toString(),
                SoftwareRules.of(executable, line, "comm"),
                executable,
                line,
                Environment.parse(variables, SoftwareCatalog.variables())));
  }

  private static void link(Path link, Path target) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
  }

  private void write(String path, String content) throws IOException {
    Path file = root().resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, content, StandardCharsets.ISO_8859_1);
  }

  private void jar(String path, Map<String, String> attributes) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
    write(path, "");
    try (OutputStream file = Files.newOutputStream(root().resolve(path.substring(1)));
        JarOutputStream jar = new JarOutputStream(file, manifest)) {
      jar.putNextEntry(new JarEntry("Main.class"));
    }
  }

  /** Writes an executable of 64 bits with one section and that of the names. */
  private void executable(String path, String section, byte[] content) throws IOException {
    byte[] names = ("\0" + section + "\0").getBytes(StandardCharsets.US_ASCII);
    int table = 64 + content.length + names.length;
    ByteBuffer elf = ByteBuffer.allocate(table + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    elf.putLong(40, table).putShort(58, (short) 64).putShort(60, (short) 3).putShort(62, (short) 2);
    elf.position(64);
    elf.put(content).put(names);
    elf.putInt(table + 64, 1);
    elf.putLong(table + 64 + 24, 64).putLong(table + 64 + 32, content.length);
    elf.putLong(table + 128 + 24, 64 + content.length).putLong(table + 128 + 32, names.length);
    write(path, "");
    Files.write(root().resolve(path.substring(1)), elf.array());
  }

  private static byte[] goBuildInfo(String version, String module) throws IOException {
    ByteArrayOutputStream section = new ByteArrayOutputStream();
    section.write("\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1));
    section.write(new byte[] {8, 2});
    section.write(new byte[16]);
    string(section, version);
    string(section, "0".repeat(16) + module + "1".repeat(16));
    return section.toByteArray();
  }

  private static void string(ByteArrayOutputStream section, String text) throws IOException {
    int length = text.length();
    while (length > 0x7f) {
      section.write((length & 0x7f) | 0x80);
      length >>= 7;
    }
    section.write(length);
    section.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
