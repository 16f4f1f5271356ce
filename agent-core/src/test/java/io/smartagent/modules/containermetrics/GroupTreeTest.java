package io.smartagent.modules.containermetrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.modules.container.Containers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupTreeTest {

  private static final String TENANT = "a".repeat(64);
  private static final String VICTIM = "b".repeat(64);
  private static final String POD = "pod0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11";

  @TempDir private Path tree;

  /** Whoever may make groups in a container's may name one after another container. */
  @Test
  void takesNoGroupWithinAContainerForAnother() throws Exception {
    String own = "/kubepods/burstable/" + POD + "/" + VICTIM;
    Files.createDirectories(tree.resolve("kubepods/" + POD + "/" + TENANT + "/" + VICTIM));
    Files.createDirectories(tree.resolve("docker/" + TENANT.replace('a', 'c') + "/" + VICTIM));
    Files.createDirectories(Path.of(tree + own));
    Kernel kernel = new LinuxKernel();
    TestModuleContext context =
        new TestModuleContext(ContainerMetricsDefinition.CGROUPS, kernel, "/nonexistent");

    GroupTree groups = new GroupTree(kernel.filesystem(), tree.toString(), new Containers(context));

    assertThat(groups.containers())
        .filteredOn(group -> VICTIM.equals(group.owner().containerId()))
        .extracting(ContainerGroup::path)
        .containsExactly(own);
  }
}
