package io.smartagent.modules.containermetrics;

import java.io.IOException;
import java.util.Locale;

/** A node full of pods: each has two containers and the sandbox that holds their network. */
final class ManyContainers {

  private static final int IN_A_POD = 3;

  private ManyContainers() {}

  static void make(SimulatedHost host, int containers, int processesInEach) throws IOException {
    int pid = 1000;
    for (int i = 0; i < containers; i++) {
      int[] pids = new int[processesInEach];
      for (int j = 0; j < processesInEach; j++) {
        pids[j] = pid++;
      }
      String group = group(i);
      host.group(group, pids);
      host.work(group);
      describe(host, i);
      if (i % IN_A_POD == 0) {
        host.network(pids[0], "eth0");
      } else {
        host.sameNetwork(pids[0], pids[0] - i % IN_A_POD * processesInEach);
      }
    }
    for (int i = 0; i < 100; i++) {
      host.group("/system.slice/unit" + i + ".service");
    }
  }

  static String id(int number) {
    return String.format(Locale.ROOT, "%064x", 0xabcd_0000L + number);
  }

  static String group(int number) {
    return "/kubepods/burstable/pod" + uid(number / IN_A_POD) + "/" + id(number);
  }

  private static String uid(int pod) {
    return String.format(Locale.ROOT, "%08x-1111-2222-3333-444444444444", pod);
  }

  private static void describe(SimulatedHost host, int number) throws IOException {
    int pod = number / IN_A_POD;
    boolean sandbox = number % IN_A_POD == 0;
    host.write(
        "run/containerd/io.containerd.runtime.v2.task/k8s.io/" + id(number) + "/config.json",
        "{\"ociVersion\":\"1.1.0\",\"process\":{\"env\":[\"A="
            + "x".repeat(6000)
            + "\"]},\"annotations\":{\"io.kubernetes.cri.container-type\":\""
            + (sandbox ? "sandbox" : "container")
            + "\",\"io.kubernetes.cri.container-name\":\"worker-"
            + number % IN_A_POD
            + "\",\"io.kubernetes.cri.image-name\":\"registry.example/shop/worker:1.4\","
            + "\"io.kubernetes.cri.sandbox-name\":\"shop-worker-"
            + pod
            + "\",\"io.kubernetes.cri.sandbox-namespace\":\"shop\",\"io.kubernetes.cri.sandbox-uid\":\""
            + uid(pod)
            + "\"}}");
  }
}
