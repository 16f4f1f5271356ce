package io.smartagent.modules.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CgroupOwnerTest {

  private static final String ID =
      "5b0b3d1d0c1e4c0f9a3c1c6f3f9e1a5d2b7c8e9f0a1b2c3d4e5f60718293a4b5";
  private static final String OUTER =
      "aaaabbbbccccddddeeeeffff00001111aaaabbbbccccddddeeeeffff00001111";

  /** ID and OUTER stand for ids. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      textBlock =
          """
          /docker/ID                                                                        | CONTAINER | docker     | -
          /docker/ID/init.scope                                                             | CONTAINER | docker     | -
          /system.slice/docker-ID.scope                                                     | CONTAINER | docker     | -
          /../ID                                                                            | CONTAINER | -          | -
          /kubepods/burstable/pod0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11/ID                    | CONTAINER | -          | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /kubepods/pod0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11/ID                              | CONTAINER | -          | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /kubepods/podd41d8cd98f00b204e9800998ecf8427e/ID                                  | CONTAINER | -          | d41d8cd98f00b204e9800998ecf8427e
          /kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod0b7e6a4c_5d0e_4c47_9d5e_0c3b1d0a8f11.slice/cri-containerd-ID.scope | CONTAINER | containerd | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /kubepods.slice/kubepods-pod0b7e6a4c_5d0e_4c47_9d5e_0c3b1d0a8f11.slice/crio-ID.scope | CONTAINER | cri-o   | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /kubepods.slice/kubepods-pod0b7e6a4c_5d0e_4c47_9d5e_0c3b1d0a8f11.slice/docker-ID.scope | CONTAINER | docker | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /system.slice/containerd.service/kubepods-burstable-pod0b7e6a4c_5d0e_4c47_9d5e_0c3b1d0a8f11.slice:cri-containerd:ID | CONTAINER | containerd | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /libpod_parent/libpod-ID                                                          | CONTAINER | podman     | -
          /machine.slice/libpod-ID.scope/container                                          | CONTAINER | podman     | -
          /docker/OUTER/kubelet/kubepods/besteffort/pod0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11/ID | CONTAINER | -       | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /kubepods/pod0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11/OUTER/docker/ID                 | CONTAINER | docker     | -
          /lxc.payload.web/docker/ID                                                        | CONTAINER | docker     | -
          /libpod_parent/libpod-ID/container                                                | CONTAINER | podman     | -
          /libpod_parent/OUTER/libpod-ID                                                    | CONTAINER | podman     | -
          /machine.slice/machine-libpod_pod_OUTER.slice/libpod-ID.scope                     | CONTAINER | podman     | -
          /user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope/container | CONTAINER | podman    | -
          /kubepods.slice/kubepods-pod0b7e6a4c_5d0e_4c47_9d5e_0c3b1d0a8f11.slice/crio-ID.scope/container | CONTAINER | cri-o | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /kubepods/burstable/pod0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11/crio-ID                | CONTAINER | cri-o     | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podd41d8cd98f00b204e9800998ecf8427e.slice/docker-ID.scope | CONTAINER | docker | d41d8cd98f00b204e9800998ecf8427e
          /docker/OUTER/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod0b7e6a4c_5d0e_4c47_9d5e_0c3b1d0a8f11.slice/cri-containerd-ID.scope | CONTAINER | containerd | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /docker/OUTER/system.slice/containerd.service/kubelet-kubepods-pod0b7e6a4c_5d0e_4c47_9d5e_0c3b1d0a8f11.slice:cri-containerd:ID | CONTAINER | containerd | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /../../kubepods/besteffort/pod0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11/ID             | CONTAINER | -          | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /../docker-ID.scope                                                               | CONTAINER | docker     | -
          /default/ID                                                                       | CONTAINER | -          | -
          /system.slice/nerdctl-ID.scope                                                    | CONTAINER | containerd | -
          /system.slice/runc-ID.scope                                                       | CONTAINER | runc       | -
          /user.slice/crun-ID.scope/payload                                                 | CONTAINER | crun       | -
          """)
  void findsTheInnermostContainer(
      String path, CgroupLevel level, @Nullable String runtime, @Nullable String podUid) {
    CgroupOwner owner = CgroupOwner.ofPath(withIds(path));

    assertThat(owner).isEqualTo(new CgroupOwner(level, ID, runtime, podUid));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      textBlock =
          """
          /kubepods/burstable/pod0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11                       | POD         | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /docker/OUTER/kubelet/kubepods/pod0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11            | POD         | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /kubepods.slice/kubepods-pod0b7e6a4c_5d0e_4c47_9d5e_0c3b1d0a8f11.slice            | POD         | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /kubepods.slice/kubepods-pod0b7e6a4c_5d0e_4c47_9d5e_0c3b1d0a8f11.slice/crio-conmon-ID.scope | POD | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /kubepods                                                                         | ALLOCATABLE | -
          /kubepods.slice                                                                   | ALLOCATABLE | -
          /kubepods/burstable                                                               | ALLOCATABLE | -
          /kubepods.slice/kubepods-besteffort.slice                                         | ALLOCATABLE | -
          /kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice           | ALLOCATABLE | -
          /docker/OUTER/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod0b7e6a4c_5d0e_4c47_9d5e_0c3b1d0a8f11.slice | POD | 0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11
          /libpod_parent/ID                                                                 | OTHER       | -
          /libpod_parent/conmon                                                             | OTHER       | -
          /system.slice/runc.service                                                        | OTHER       | -
          /machine.slice/libpod-conmon-ID.scope                                             | OTHER       | -
          /system.slice/nginx.service                                                       | OTHER       | -
          /docker                                                                           | OTHER       | -
          /                                                                                 | OTHER       | -
          /user.slice/burstable                                                             | OTHER       | -
          /docker/IDff                                                                      | OTHER       | -
          """)
  void tellsPodsAndNodesFromContainers(String path, CgroupLevel level, @Nullable String podUid) {
    assertThat(CgroupOwner.ofPath(withIds(path)))
        .isEqualTo(new CgroupOwner(level, null, null, podUid));
  }

  @Test
  void takesTheScopeOfABareBundleForAContainerWhateverItIsCalled() {
    assertThat(CgroupOwner.ofPath("/system.slice/runc-nightly_job+1.2.scope"))
        .isEqualTo(new CgroupOwner(CgroupLevel.CONTAINER, "nightly_job+1.2", "runc", null));
  }

  @Test
  void takesTheHierarchyOfAHybridHostThatNamesTheContainer() {
    String file =
        "12:cpuset:/\n4:memory:/docker/" + ID + "\n1:name=systemd:/docker/" + ID + "\n0::/\n";

    assertThat(CgroupOwner.ofProcess(file).containerId()).isEqualTo(ID);
  }

  @Test
  void readsTheSingleLineOfVersionTwoAlsoWhenTheGroupIsRemoved() {
    assertThat(
            CgroupOwner.ofProcess("0::/system.slice/docker-" + ID + ".scope (deleted)\n")
                .containerId())
        .isEqualTo(ID);
  }

  @Test
  void findsNobodyInTextThatIsNoCgroupFile() {
    assertThat(CgroupOwner.ofProcess("")).isEqualTo(CgroupOwner.NONE);
    assertThat(CgroupOwner.ofProcess("x:y\n\n::\n")).isEqualTo(CgroupOwner.NONE);
  }

  private static String withIds(String path) {
    return path.replace("OUTER", OUTER).replace("ID", ID);
  }
}
