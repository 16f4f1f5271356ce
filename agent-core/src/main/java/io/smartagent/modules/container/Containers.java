package io.smartagent.modules.container;

import io.smartagent.limit.BoundedMap;
import io.smartagent.module.ContainerDirectory;
import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.ContainerRoots;
import io.smartagent.module.ModuleContext;
import io.smartagent.module.PodIdentity;
import io.smartagent.module.SharedSettings;
import io.smartagent.modules.cgroup.CgroupLevel;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.process.ProcessFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A module's way to the names of containers: what another module has found out already, else what
 * its own thread may read of the runtimes' files, else what kubelet's log directories are named.
 * For one thread.
 *
 * <p>Docker, containerd (also that of k3s, RKE2, k0s and MicroK8s), CRI-O, Podman run by root, and
 * bundles that somebody runs with runc or crun alone; {@link
 * io.smartagent.module.SharedSettings#CONTAINER_ROOTS} adds roots. What the files say was written
 * by runtimes, but many of the words in it were chosen by the container's creator.
 */
public final class Containers {

  /** A container's files come a moment after its first process. */
  private static final Duration LIFETIME = Duration.ofSeconds(5);

  /** Answers that are only good for {@link #LIFETIME}. */
  private static final int REMEMBERED_AT_MOST = 4096;

  private final ContainerDirectory directory;
  private final LongSupplier nanoTime;
  private final DockerFiles docker;
  private final ContainerdFiles containerd;
  private final StorageFiles storage;
  private final BareBundles bundles;
  private final KubeletLogs logs;
  private final Map<String, Answer> answers = BoundedMap.ofNewest(REMEMBERED_AT_MOST);

  /** What was found where no runtime's file could be read: perhaps nothing. */
  private record Answer(@Nullable ContainerIdentity container, long foundAt) {}

  /** For the module that runs in {@code context}, on its thread. */
  public Containers(ModuleContext context) {
    this(context, System::nanoTime);
  }

  /**
   * @param nanoTime the clock
   */
  Containers(ModuleContext context, LongSupplier nanoTime) {
    this.directory = context.containers();
    this.nanoTime = nanoTime;
    ContainerRoots roots = context.settings().get(SharedSettings.CONTAINER_ROOTS);
    RuntimeFiles files = new RuntimeFiles(context.kernel().filesystem(), context.root());
    RecentFactory made = new RecentFactory(nanoTime, LIFETIME);
    this.docker = new DockerFiles(files, roots.of("docker"), made);
    this.containerd = new ContainerdFiles(files, roots.of("containerd"), made);
    Set<String> storageRoots = new LinkedHashSet<>(roots.of("cri-o"));
    storageRoots.addAll(roots.of("podman"));
    this.storage = new StorageFiles(files, List.copyOf(storageRoots), made);
    this.bundles = new BareBundles(files, roots.of("runc"), roots.of("crun"), made);
    this.logs = new KubeletLogs(files, made);
  }

  /**
   * Returns what is known of the container; null where nothing is, or {@code owner} has none. May
   * read a few small files, at most once in some seconds for a container that nothing is found of.
   */
  public @Nullable ContainerIdentity identify(CgroupOwner owner) {
    String id = owner.containerId();
    if (id == null || id.isEmpty() || id.contains("/") || id.startsWith(".")) {
      return null;
    }
    ContainerIdentity known = directory.find(id);
    if (known != null) {
      return known;
    }
    Answer answer = answers.get(id);
    if (answer != null && nanoTime.getAsLong() - answer.foundAt() <= LIFETIME.toNanos()) {
      return answer.container();
    }
    ContainerIdentity read = read(owner);
    if (read != null) {
      answers.remove(id);
      return read;
    }
    // Only a part of it: another module may be able to read the rest.
    ContainerIdentity told = directory.pods().container(id);
    ContainerIdentity named = told == null ? logs.read(id, owner) : complete(told, owner);
    if (named == null) {
      named = ofPod(id, owner);
    }
    answers.put(id, new Answer(named, nanoTime.getAsLong()));
    return named;
  }

  /** What Kubernetes says of its pod: it does not name a container that holds its namespaces. */
  private @Nullable ContainerIdentity ofPod(String id, CgroupOwner owner) {
    String uid = owner.podUid();
    PodIdentity pod = uid == null ? null : directory.pods().find(uid);
    return pod == null
        ? null
        : new ContainerIdentity(
            id,
            owner.runtime(),
            null,
            null,
            uid,
            pod.name(),
            pod.namespace(),
            false,
            null,
            Map.of());
  }

  /**
   * Reads anew what a runtime says of the container, whatever is known already, and tells it to all
   * modules.
   *
   * @return null where no runtime says anything, the calling thread may not read it, or {@code
   *     owner} has none
   */
  public @Nullable ContainerIdentity read(CgroupOwner owner) {
    String id = owner.containerId();
    if (id == null || id.isEmpty() || id.contains("/") || id.startsWith(".")) {
      return null;
    }
    for (ContainerRuntime runtime : runtimes(owner)) {
      ContainerIdentity container = runtime.read(id, owner);
      if (container != null) {
        ContainerIdentity whole = complete(container, owner);
        directory.learn(whole);
        return whole;
      }
    }
    return null;
  }

  /** The one that the group's name tells comes first; where that is wrong the others are asked. */
  private List<ContainerRuntime> runtimes(CgroupOwner owner) {
    String runtime = owner.runtime();
    List<ContainerRuntime> all = new ArrayList<>(List.of(containerd, docker, storage, bundles));
    ContainerRuntime first =
        switch (runtime == null ? "" : runtime) {
          case "docker" -> docker;
          case "cri-o", "podman" -> storage;
          case "runc", "crun" -> bundles;
          default -> containerd;
        };
    all.remove(first);
    all.addFirst(first);
    return all;
  }

  /** Adds to what a runtime says what the control group and kubelet's directories tell. */
  private ContainerIdentity complete(ContainerIdentity container, CgroupOwner owner) {
    ContainerIdentity named = logs.read(container.id(), owner);
    String podUid = container.podUid() == null ? owner.podUid() : container.podUid();
    if (named == null) {
      named = container;
    }
    return new ContainerIdentity(
        container.id(),
        container.runtime(),
        container.name() == null && !container.sandbox() ? named.name() : container.name(),
        container.image(),
        podUid,
        container.podName() == null ? named.podName() : container.podName(),
        container.podNamespace() == null ? named.podNamespace() : container.podNamespace(),
        container.sandbox(),
        container.logPath() == null ? named.logPath() : container.logPath(),
        container.labels());
  }

  /**
   * Returns whom a control group belongs to: by its name, else by what runc and crun have noted of
   * a bundle that was put there.
   *
   * @param path as /proc/PID/cgroup has it, or as it is below the mount of a hierarchy
   */
  public CgroupOwner ownerOfPath(String path) {
    CgroupOwner owner = CgroupOwner.ofPath(path);
    if (owner.level() == CgroupLevel.CONTAINER) {
      return owner;
    }
    ContainerIdentity bundle = bundles.ofCgroup(path);
    return bundle == null
        ? owner
        : new CgroupOwner(CgroupLevel.CONTAINER, bundle.id(), bundle.runtime(), owner.podUid());
  }

  /**
   * Returns whom a process belongs to, as {@link ProcessFiles#owner} does, and also where that is a
   * bundle that somebody runs with runc or crun alone.
   */
  public CgroupOwner owner(ProcessFiles processes, int pid) {
    String file = processes.text(pid, "cgroup");
    return file == null ? CgroupOwner.NONE : ownerOfProcess(file);
  }

  /**
   * Returns whom a process belongs to.
   *
   * @param file the text of /proc/PID/cgroup
   */
  public CgroupOwner ownerOfProcess(String file) {
    CgroupOwner owner = CgroupOwner.ofProcess(file);
    if (owner.level() == CgroupLevel.CONTAINER) {
      return owner;
    }
    for (String line : file.split("\n", -1)) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && fields[2].length() > 1) {
        CgroupOwner bare = ownerOfPath(fields[2]);
        if (bare.level() == CgroupLevel.CONTAINER) {
          return bare;
        }
      }
    }
    return owner;
  }

  /**
   * Returns Docker's containers, also those that have ended or never started; none where the
   * calling thread may not read its files.
   *
   * @param others ids of those that are left out
   */
  public List<DockerContainer> dockerContainers(Set<String> others) {
    return docker.containers(others);
  }
}
