package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.Programs.run;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A node as the projects themselves build it: containerd, a kubelet, and beside them what puts pods
 * there, kube-controller-manager and kube-scheduler. All of it is in a mount and a PID namespace of
 * its own, so that nothing is left when those end. Pods have the network of this machine: there is
 * no network plugin.
 */
public final class KubernetesNode implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final String name;
  private final Path directory;
  private final Kubectl kubectl;
  private final Daemon node;
  private final List<Daemon> controllers = new ArrayList<>();

  /**
   * Who they are to the API.
   *
   * @param node kubeconfig of the kubelet
   * @param admin kubeconfig of the controllers
   * @param authority certificate of the server's
   * @param accounts key that tokens of ServiceAccounts are signed with
   */
  record Credentials(Path node, Path admin, Path authority, Path accounts) {}

  private KubernetesNode(String name, Path directory, Path programs, Credentials as, Kubectl k) {
    this.name = name;
    this.directory = directory;
    this.kubectl = k;
    // Where unshare is killed the namespace's first process is, and all others with that.
    this.node =
        new Daemon(
            List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                write("node.sh", script(programs, as))),
            Map.of(),
            directory.resolve("node.log"));
    controllers.add(
        controller(
            programs.resolve("kube-controller-manager"),
            as,
            "--controllers=daemonset-controller,root-ca-certificate-publisher-controller",
            "--root-ca-file=" + as.authority(),
            "--service-account-private-key-file=" + as.accounts()));
    controllers.add(controller(programs.resolve("kube-scheduler"), as));
  }

  static KubernetesNode start(String name, Credentials credentials, Kubectl kubectl) {
    Path programs = ApiServerProgram.findNodeOrAbort();
    KubernetesNode started =
        new KubernetesNode(name, HostRoot.newPrivateScratch(), programs, credentials, kubectl);
    try {
      started.start();
      return started;
    } catch (RuntimeException | Error e) {
      started.close();
      throw e;
    }
  }

  private Daemon controller(Path program, Credentials as, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--kubeconfig=" + as.admin(),
                "--leader-elect=false",
                "--bind-address=127.0.0.1",
                "--secure-port=" + Launcher.freePort(),
                "--cert-dir=" + directory.resolve("generated-" + program.getFileName())));
    command.addAll(List.of(options));
    return new Daemon(command, Map.of(), directory.resolve(program.getFileName() + ".log"));
  }

  private void start() {
    Docker.docker(List.of("save", "-o", directory.resolve("agent.tar").toString(), Docker.image()))
        .orFail();
    pause();
    write("containerd.toml", containerd());
    write("kubelet.yaml", kubelet());
    node.start();
    controllers.forEach(Daemon::start);
    await("readiness of node " + name)
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(300))
        .until(this::isReady);
  }

  /** Returns what the cluster calls it. */
  public String name() {
    return name;
  }

  private boolean isReady() {
    for (Daemon each : controllers) {
      if (!each.isRunning() || !node.isRunning()) {
        throw new IllegalStateException("ended:\n" + node.tail() + "\n" + each.tail());
      }
    }
    return kubectl
        .run("get", "node", name, "-o", "jsonpath={.status.conditions[?(@.type=='Ready')].status}")
        .out()
        .equals("True");
  }

  /** What holds a pod's namespaces: no image can be pulled here. */
  private void pause() {
    Path root = directory.resolve("pause/bin");
    try {
      Files.createDirectories(root);
      Files.copy(BusyboxRoot.program(), root.resolve("busybox"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String archive = directory.resolve("root.tar").toString();
    run("tar", "-C", directory.resolve("pause").toString(), "-cf", archive, ".").orFail();
    Docker.docker(
            List.of(
                "import",
                "--change",
                "ENTRYPOINT [\"/bin/busybox\",\"sleep\",\"2147483647\"]",
                archive,
                pauseImage()))
        .orFail();
    Docker.docker(List.of("save", "-o", directory.resolve("pause.tar").toString(), pauseImage()))
        .orFail();
    Docker.docker(List.of("rmi", pauseImage())).orFail();
  }

  private String pauseImage() {
    return "smartagent-it-pause:" + name;
  }

  /**
   * The kubelet wants settings of the kernel that are this machine's: in this mount namespace they
   * are files that say so.
   */
  private String script(Path programs, Credentials as) {
    return """
    set -e
    cd %1$s
    mount --make-rshared /
    setting() { echo "$2" >"setting-${1##*/}"; mount --bind "setting-${1##*/}" "/proc/sys/$1"; }
    setting vm/overcommit_memory 1
    setting vm/panic_on_oom 0
    setting kernel/panic 10
    setting kernel/panic_on_oops 1
    setting kernel/keys/root_maxkeys 1000000
    setting kernel/keys/root_maxbytes 25000000
    # The kubelet's own places there are not to be on this machine.
    mount -t tmpfs none /var/log
    mount -t tmpfs none /var/lib
    mkdir cni
    # With no plugin configured the node is not ready, though pods on the host's network need none.
    echo '{"cniVersion":"0.4.0","name":"none","plugins":[{"type":"loopback"}]}' >cni/10.conflist
    for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*/; do
      if [ -e "$hierarchy/cgroup.procs" ]; then mkdir -p "$hierarchy/%4$s"; fi
    done
    containerd --config containerd.toml >containerd.log 2>&1 &
    until ctr -a containerd.sock version >/dev/null 2>&1; do sleep 0.1; done
    ctr -a containerd.sock -n k8s.io images import pause.tar >/dev/null
    ctr -a containerd.sock -n k8s.io images import agent.tar >/dev/null
    exec %2$s/kubelet --config=kubelet.yaml --kubeconfig=%3$s --hostname-override=%5$s \\
      --root-dir=%1$s/kubelet --cert-dir=%1$s/generated
    """
        .formatted(directory, programs, as.node(), cgroup(), name);
  }

  private String cgroup() {
    return "smartagent-it-" + name;
  }

  private String containerd() {
    return """
    version = 2
    root = "%1$s/containerd"
    state = "%1$s/state"
    [grpc]
      address = "%1$s/containerd.sock"
    [plugins."io.containerd.internal.v1.opt"]
      path = "%1$s/opt"
    [plugins."io.containerd.grpc.v1.cri"]
      sandbox_image = "docker.io/library/%2$s"
      # The build hosts' root has no CAP_SYS_RESOURCE, which lower scores take.
      restrict_oom_score_adj = true
      [plugins."io.containerd.grpc.v1.cri".cni]
        bin_dir = "%1$s/cni"
        conf_dir = "%1$s/cni"
    """
        .formatted(directory, pauseImage());
  }

  private String kubelet() {
    return """
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    address: 127.0.0.1
    port: %d
    readOnlyPort: 0
    healthzPort: 0
    authentication: {anonymous: {enabled: false}, webhook: {enabled: false}}
    authorization: {mode: AlwaysAllow}
    containerRuntimeEndpoint: unix://%s/containerd.sock
    cgroupDriver: cgroupfs
    cgroupRoot: /%s
    enforceNodeAllocatable: []
    failSwapOn: false
    failCgroupV1: false
    oomScoreAdj: 0
    localStorageCapacityIsolation: false
    imageGCHighThresholdPercent: 100
    evictionHard: {memory.available: 1Mi}
    nodeStatusUpdateFrequency: 2s
    volumePluginDir: %s/plugins
    featureGates: {KubeletInUserNamespace: true}
    """
        .formatted(Launcher.freePort(), directory, cgroup(), directory);
  }

  private String write(String file, String text) {
    try {
      return Files.writeString(directory.resolve(file), text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends all of it, with its pods. */
  @Override
  public void close() {
    controllers.forEach(Daemon::kill);
    node.kill();
    await("the end of all processes")
        .atMost(TIMEOUT)
        .until(() ->
            run(
                        "sh",
                        "-c",
                        "find /sys/fs/cgroup -depth -type d -path \"*/$1*\" -exec rmdir {} +",
                        "sh",
                        cgroup())
                    .exitCode()
                == 0);
    run("rm", "-rf", "--one-file-system", directory.toString()).orFail();
  }
}
